package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Optional;

/** Conversations that were answered here before. */
@FunctionalInterface
public interface PastChats {

  /**
   * The messages of an earlier exchange with its answer, in the form of OpenAI's chat-completions
   * API; empty if it is not remembered.
   *
   * @param responseId as the answer had it
   */
  Optional<ArrayNode> messages(String responseId);

  /**
   * What such an answer consists of, in the form of its own API; empty if it is not remembered.
   *
   * @param responseId as the answer had it
   */
  default Optional<ArrayNode> items(String responseId) {
    return Optional.empty();
  }
}
