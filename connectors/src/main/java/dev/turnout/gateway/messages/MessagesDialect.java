package dev.turnout.gateway.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.conversation.PromptTokens;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.gateway.dialect.ServerEvent;

/** {@code POST /v1/messages}: what Anthropic's clients and Claude Code speak. */
public final class MessagesDialect implements ClientDialect {

  private static final String PING = ServerEvent.of("ping", Json.object().put("type", "ping"));

  @Override
  public String name() {
    return "messages";
  }

  @Override
  public ChatAsk read(ObjectNode json, String body, PastChats past) {
    if (!json.path("max_tokens").canConvertToLong() || json.path("max_tokens").asLong() < 1) {
      throw GatewayError.badRequest("\"max_tokens\" is missing or no whole number from 1 up");
    }
    return MessagesRequest.read(json);
  }

  /**
   * {@code POST /v1/messages/count_tokens}: an estimate, since each LLM counts by its own rules.
   */
  public ObjectNode countTokens(ObjectNode json) {
    return Json.object().put("input_tokens", PromptTokens.of(MessagesRequest.read(json).chat()));
  }

  @Override
  public ObjectNode answer(ChatAsk ask, AnswerSource source, ObjectNode response) {
    return MessagesAnswer.of(source, response, wantsThinking(ask));
  }

  @Override
  public AnswerStream stream(ChatAsk ask, AnswerSource source) {
    return new MessagesStream(source, wantsThinking(ask));
  }

  private static boolean wantsThinking(ChatAsk ask) {
    String type = ask.original().path("thinking").path("type").asText("disabled");
    return !type.equals("disabled");
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return anthropicError(error);
  }

  /** As Anthropic's API reports errors. */
  static ObjectNode anthropicError(GatewayError error) {
    ObjectNode own = error.llmsOwn();
    String message = own == null ? null : Json.text(own, "message");
    ObjectNode json = Json.object().put("type", "error");
    ObjectNode said =
        json.putObject("error")
            .put("type", type(error.status()))
            .put("message", message == null ? error.message() : message);
    if (error.code() != null) {
      said.putObject("details").put("error_code", error.code());
    }
    return json;
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  @Override
  public String errorEvent(GatewayError error) {
    return ServerEvent.of("error", anthropicError(error));
  }

  @Override
  public String heartbeat() {
    return PING;
  }
}
