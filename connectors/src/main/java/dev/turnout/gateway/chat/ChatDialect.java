package dev.turnout.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.gateway.dialect.ServerEvent;
import java.util.List;
import java.util.Set;

/**
 * {@code POST /v1/chat/completions}: the request travels as it was sent, whatever is in it, and the
 * response comes back as the LLM gave it; only the name of the model is Turnout's.
 */
public final class ChatDialect implements ClientDialect {

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public ChatAsk read(ObjectNode json, String body, PastChats past) {
    check(json);
    String model = Json.optionalText(json, "model");
    return new ChatAsk(
        json,
        body,
        json,
        model == null ? "" : model,
        Json.flag(json, "stream"),
        Json.flag(json.path("stream_options"), "include_usage"),
        Json.text(json, "prompt_cache_key"),
        isBatch(json),
        List.of());
  }

  /**
   * Looks at what every request must have.
   *
   * @throws GatewayError naming the part that is missing or wrong
   */
  public static void check(ObjectNode json) {
    JsonNode messages = json.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw GatewayError.badRequest("\"messages\" must be an array with at least one message");
    }
    for (int i = 0; i < messages.size(); i++) {
      check(messages.get(i), "messages[" + i + "]");
    }
  }

  /** Whether the client says that others may come first. */
  public static boolean isBatch(JsonNode json) {
    return json.path("service_tier").asText("").equals("flex");
  }

  private static void check(JsonNode message, String place) {
    if (!message.isObject()) {
      throw GatewayError.badRequest("\"" + place + "\" must be an object");
    }
    String role = message.path("role").asText("");
    if (!ROLES.contains(role)) {
      throw GatewayError.badRequest(
          "\""
              + place
              + ".role\" is \""
              + role
              + "\"; it must be system, developer, user, assistant or tool");
    }
    JsonNode content = message.path("content");
    boolean none = content.isMissingNode() || content.isNull();
    if (!none && !content.isTextual() && !content.isArray()) {
      throw GatewayError.badRequest("\"" + place + ".content\" must be a string or an array");
    }
    // an assistant that only called tools has said nothing
    if (none && !role.equals("assistant") && !role.equals("function")) {
      throw GatewayError.badRequest("\"" + place + ".content\" is missing");
    }
    for (JsonNode part : content) {
      if (!part.isObject() || !part.path("type").isTextual()) {
        throw GatewayError.badRequest(
            "the parts of \"" + place + ".content\" must be objects with a \"type\"");
      }
    }
  }

  @Override
  public ObjectNode answer(ChatAsk ask, AnswerSource source, ObjectNode response) {
    return response.put("model", source.llm());
  }

  @Override
  public AnswerStream stream(ChatAsk ask, AnswerSource source) {
    return new ChatStream(ask.includeUsage(), source);
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return openAiError(error);
  }

  /** As OpenAI's APIs report errors. */
  public static ObjectNode openAiError(GatewayError error) {
    ObjectNode json = Json.object();
    ObjectNode own = error.llmsOwn();
    if (own != null) {
      json.set("error", own);
    } else {
      json.putObject("error")
          .put("message", error.message())
          .put("type", error.type())
          .putNull("param")
          .put("code", error.code());
    }
    return json;
  }

  @Override
  public String errorEvent(GatewayError error) {
    return ServerEvent.of(openAiError(error));
  }

  @Override
  public String heartbeat() {
    return ServerEvent.COMMENT;
  }
}
