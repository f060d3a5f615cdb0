package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.conversation.Sessions;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.gateway.exchange.AnswerForm;
import dev.turnout.gateway.exchange.ChatForm;
import dev.turnout.gateway.exchange.Exchange;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.RouteForm;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.memory.AnsweredChats;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.messages.MessagesDialect;
import dev.turnout.gateway.models.ModelNames;
import dev.turnout.gateway.responses.ResponsesDialect;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The APIs of OpenAI and Anthropic by which LLMs are asked. */
public final class ChatEndpoints {

  private final ChatDialect chat = new ChatDialect();
  private final MessagesDialect messages = new MessagesDialect();
  private final ResponsesDialect responses = new ResponsesDialect();
  private final GatewayAccess access;
  private final QueryTraffic traffic;
  private final Serving serving;
  private final Sessions sessions = new Sessions();
  private final AnsweredIds ids;
  private final AnsweredChats chats = new AnsweredChats();
  private final ChatQueries queries;

  /**
   * @param ids told which answer belongs to which query
   * @param timeout longest wait for an answer
   */
  public ChatEndpoints(
      GatewayAccess access,
      QueryTraffic traffic,
      Serving serving,
      ModelNames models,
      AnsweredIds ids,
      Duration timeout,
      Clock clock) {
    this.access = access;
    this.traffic = traffic;
    this.serving = serving;
    this.ids = ids;
    this.queries = new ChatQueries(access, models, sessions, timeout, clock);
  }

  /** {@code POST /v1/chat/completions}. */
  public void chat(Context context) {
    ask(context, chat);
  }

  /** {@code POST /v1/messages}. */
  public void messages(Context context) {
    ask(context, messages);
  }

  /** {@code POST /v1/responses}. */
  public void responses(Context context) {
    ask(context, responses);
  }

  /** {@code POST /v1/messages/count_tokens}. */
  public void countTokens(Context context) {
    Replies.now(context, 200, messages.countTokens(Json.body(RequestBody.read(context))));
  }

  /** {@code POST /v1/responses/input_tokens}. */
  public void inputTokens(Context context) {
    ObjectNode json = Json.body(RequestBody.read(context));
    PastChats past = chats.of(access.tenant(context, null));
    Replies.now(context, 200, responses.inputTokens(json, past));
  }

  /**
   * {@code POST /v1/route}: the decision on a chat, or on {@code {"text": …}}, without an answer.
   */
  public void route(Context context) {
    String body = RequestBody.read(context);
    ObjectNode json = Json.body(body);
    if (json.path("text").isTextual() && !json.has("messages")) {
      json.putArray("messages").addObject().put("role", "user").set("content", json.remove("text"));
      body = json.toString();
    }
    json.remove("stream");
    ChatAsk ask = chat.read(json, body, id -> Optional.empty());
    start(context, new RouteForm(), queries.query(context, ask, true));
  }

  private void ask(Context context, ClientDialect dialect) {
    String body = RequestBody.read(context);
    ObjectNode json = Json.body(body);
    String tenant = access.tenant(context, null);
    ChatAsk ask = dialect.read(json, body, chats.of(tenant));
    Query query = queries.query(context, ask, false);
    if (!ask.ignored().isEmpty()) {
      context.header("x-turnout-ignored", String.join(", ", ask.ignored()));
    }
    start(
        context,
        new ChatForm(
            dialect,
            ask,
            (responseId, outcome, answer) ->
                answered(dialect, ask, query, responseId, outcome, answer)),
        query);
  }

  private void start(Context context, AnswerForm form, Query query) {
    context.future(() -> new Exchange(context, form, query, access, serving).start(traffic));
  }

  private void answered(
      ClientDialect dialect,
      ChatAsk ask,
      Query query,
      String responseId,
      Outcome outcome,
      JsonNode answer) {
    if (query.getSession() != null) {
      sessions.answered(query.getTenant(), query.getSession(), outcome.getLlm());
    }
    if (dialect == responses) {
      JsonNode output = answer.path("output");
      chats.answered(
          query.getTenant(), ResponsesDialect.responseId(query.getId()), ask, outcome, output);
    } else {
      ids.answered(responseId, query.getId());
    }
  }
}
