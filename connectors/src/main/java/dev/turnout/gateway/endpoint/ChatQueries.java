package dev.turnout.gateway.endpoint;

import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.conversation.ReadConversation;
import dev.turnout.gateway.conversation.Sessions;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.lookup.QueryIds;
import dev.turnout.gateway.models.ModelNames;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.FieldLimits;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes queries of chats: what is asked, in which conversation, of whom, and until when. */
final class ChatQueries {

  private final GatewayAccess access;
  private final ModelNames models;
  private final Sessions sessions;
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param timeout longest wait for an answer
   */
  ChatQueries(
      GatewayAccess access, ModelNames models, Sessions sessions, Duration timeout, Clock clock) {
    this.access = access;
    this.models = models;
    this.sessions = sessions;
    this.timeout = timeout;
    this.clock = clock;
  }

  /**
   * A query of a chat.
   *
   * @throws GatewayError if it asks nothing, or a model that does not exist, or is too large
   */
  Query query(Context context, ChatAsk ask, boolean decideOnly) {
    AskHeaders headers = AskHeaders.of(context, timeout);
    @Nullable QueryConstraints constraints = constraints(ask, headers);
    ReadConversation read = ReadConversation.of(ask.chat());
    String tenant = access.tenant(context, null);
    String named = headers.session() == null ? ask.session() : headers.session();
    String session = Sessions.id(tenant, named, read);
    Instant now = clock.instant();
    Query.Builder query =
        Query.newBuilder()
            .setId(QueryIds.next(clock))
            .setText(read.text())
            .setTenant(tenant)
            .setSession(session)
            .setConstraints(constraints)
            .setMetadata(QueryReader.strings(ask.chat().path("metadata")))
            .setChat(new ChatRequest(ask.body(), ask.stream()))
            .setConversation(conversation(read, tenant, session, headers))
            .setNeeds(read.needs())
            .setPriority(headers.batch() || ask.batch() ? Priority.BATCH : Priority.INTERACTIVE)
            .setDecideOnly(decideOnly)
            .setSubmittedAt(now)
            .setDeadline(now.plus(headers.timeout()));
    return checked(access.admit(context, query, headers.timeout()).build());
  }

  private @Nullable QueryConstraints constraints(ChatAsk ask, AskHeaders headers) {
    @Nullable QueryConstraints said =
        headers.constraints() == null ? null : QueryReader.constraints(headers.constraints());
    @Nullable String llm = models.llm(ask.model()).orElse(null);
    if (llm == null) {
      return said;
    }
    QueryConstraints.Builder only =
        said == null ? QueryConstraints.newBuilder() : QueryConstraints.newBuilder(said);
    if (said != null && !said.getAllowedLlms().isEmpty() && !said.getAllowedLlms().contains(llm)) {
      throw GatewayError.badRequest(
          "the model \"" + ask.model() + "\" is not among the allowed LLMs of the constraints");
    }
    return only.setAllowedLlms(List.of(llm)).build();
  }

  private @Nullable Conversation conversation(
      ReadConversation read, String tenant, String session, AskHeaders headers) {
    @Nullable String previous = headers.previousLlm();
    if (previous == null && read.prefixTokens() > 0) {
      previous = sessions.previousLlm(tenant, session).orElse(null);
    }
    if (read.turns().isEmpty() && previous == null) {
      return null;
    }
    return Conversation.newBuilder()
        .setTurns(read.turns())
        .setPreviousLlm(previous)
        .setPrefixTokens(read.prefixTokens())
        .setToolLoop(read.toolLoop())
        .build();
  }

  static Query checked(Query query) {
    String excess = FieldLimits.excess(query);
    if (excess != null) {
      throw GatewayError.tooLarge("the query's " + excess);
    }
    return query;
  }
}
