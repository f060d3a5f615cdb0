package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;

/** Makes the events of one answer as its pieces come. Not safe for use by several threads. */
public interface AnswerStream {

  /**
   * The events of one piece; may be empty.
   *
   * @param chunk of OpenAI's type {@code chat.completion.chunk}; may be changed
   */
  String chunk(ObjectNode chunk);

  /**
   * The events after the last piece.
   *
   * @param response the whole response, of OpenAI's type {@code chat.completion}
   */
  String end(ObjectNode response);

  /** After the end, the answer as the client knows it whole; missing where that is of no use. */
  default JsonNode whole() {
    return MissingNode.getInstance();
  }

  /** The event that ends an answer which cannot be completed. */
  String error(GatewayError error);
}
