package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/** How one request is answered. */
public interface AnswerForm {

  /** For metrics. */
  String name();

  /** Whether the answer goes out in pieces. */
  default boolean isStream() {
    return false;
  }

  /** The whole answer of an outcome that succeeded. */
  ObjectNode answer(AnswerSource source, Outcome outcome, @Nullable RoutingDecision decision);

  /** The decision, where only that was asked for. */
  default ObjectNode decision(RoutingDecision decision) {
    return RecordJson.decision(decision);
  }

  /** Makes the events of an answer in pieces. */
  default AnswerStream stream(AnswerSource source) {
    throw new UnsupportedOperationException(name() + " has no streams");
  }

  /** The whole response in the internal form, which ends a stream. */
  default ObjectNode response(Outcome outcome) {
    throw new UnsupportedOperationException(name() + " has no streams");
  }

  /**
   * Told of every answer that a client got.
   *
   * @param answer the whole of it as the client knows it; missing where that is of no use
   */
  default void answered(String responseId, Outcome outcome, JsonNode answer) {}

  ObjectNode error(GatewayError error);

  /** An error before the first piece, as an event. */
  default String errorEvent(GatewayError error) {
    throw new UnsupportedOperationException(name() + " has no streams");
  }

  default String heartbeat() {
    throw new UnsupportedOperationException(name() + " has no streams");
  }
}
