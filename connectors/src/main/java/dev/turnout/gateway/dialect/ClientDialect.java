package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;

/**
 * One of the APIs that clients speak, as pure functions to and from the one internal form, which is
 * OpenAI's chat-completions API. Safe for use by several threads.
 */
public interface ClientDialect {

  /** For metrics, e.g. {@code chat}. */
  String name();

  /**
   * Reads a request.
   *
   * @param json the body
   * @param body the same as it was sent
   * @param past what was asked and answered before, for APIs that refer to it
   * @throws GatewayError naming what is wrong, or what cannot be handed on
   */
  ChatAsk read(ObjectNode json, String body, PastChats past);

  /**
   * The whole answer.
   *
   * @param response the LLM's, of OpenAI's type {@code chat.completion}
   */
  ObjectNode answer(ChatAsk ask, AnswerSource source, ObjectNode response);

  /** Translates one answer that comes in pieces. */
  AnswerStream stream(ChatAsk ask, AnswerSource source);

  /** An error as this API reports it. */
  ObjectNode error(GatewayError error);

  /** An error as the event of a stream of which nothing but heartbeats was sent. */
  String errorEvent(GatewayError error);

  /** What shows a client that waits for the first piece that somebody is there. */
  String heartbeat();
}
