package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.conversation.PromptTokens;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.ClientDialect;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.gateway.dialect.ServerEvent;

/** {@code POST /v1/responses}: what OpenAI's newer clients and Codex speak. */
public final class ResponsesDialect implements ClientDialect {

  /** Id of the response that answers a query. */
  public static String responseId(String queryId) {
    return "resp_" + queryId;
  }

  @Override
  public String name() {
    return "responses";
  }

  @Override
  public ChatAsk read(ObjectNode json, String body, PastChats past) {
    return ResponsesRequest.read(json, past);
  }

  /**
   * {@code POST /v1/responses/input_tokens}: an estimate, since each LLM counts by its own rules.
   */
  public ObjectNode inputTokens(ObjectNode json, PastChats past) {
    return Json.object()
        .put("object", "response.input_tokens")
        .put("input_tokens", PromptTokens.of(ResponsesRequest.read(json, past).chat()));
  }

  @Override
  public ObjectNode answer(ChatAsk ask, AnswerSource source, ObjectNode response) {
    return ResponsesAnswer.of(ask, source, response);
  }

  @Override
  public AnswerStream stream(ChatAsk ask, AnswerSource source) {
    return new ResponsesStream(ask, source);
  }

  @Override
  public ObjectNode error(GatewayError error) {
    return ChatDialect.openAiError(error);
  }

  @Override
  public String errorEvent(GatewayError error) {
    return errorEvent(error, 0);
  }

  static String errorEvent(GatewayError error, int sequence) {
    ObjectNode own = error.llmsOwn();
    String message = own == null ? null : Json.text(own, "message");
    ObjectNode event =
        Json.object()
            .put("type", "error")
            .put("code", error.code() == null ? error.type() : error.code())
            .put("message", message == null ? error.message() : message)
            .putNull("param")
            .put("sequence_number", sequence);
    return ServerEvent.of("error", event);
  }

  @Override
  public String heartbeat() {
    return ServerEvent.COMMENT;
  }
}
