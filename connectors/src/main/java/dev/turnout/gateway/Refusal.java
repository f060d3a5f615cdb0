package dev.turnout.gateway;

import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A query the router refused to route, as the dead-letter topic has it.
 *
 * @param queryId the query
 * @param reason one word in capitals, e.g. BUDGET_EXHAUSTED
 * @param detail what was found and what would be right, in words
 */
record Refusal(String queryId, String reason, String detail) {

  /** The refusal a dead letter tells of; empty if it was not a query that was refused. */
  static Optional<Refusal> of(ConsumerRecord<byte[], byte[]> letter, TopicCatalogue topics) {
    // grades, outcomes and requests that cannot be read are dead-lettered too, under the same key
    if (letter.key() == null || !header(letter, DeadLetters.TOPIC).equals(topics.queries())) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            new String(letter.key(), StandardCharsets.UTF_8),
            header(letter, DeadLetters.REASON),
            header(letter, DeadLetters.DETAIL)));
  }

  /**
   * What to tell the client: 422 if the query has to change, 503 if the same query may be routed
   * another time, 500 if the fault is on this side.
   */
  GatewayError error() {
    return switch (reason) {
      case "EMPTY_TEXT",
          "TOO_LARGE",
          "NOT_TEXT",
          "INVALID_CONSTRAINTS",
          "MISSING_ID",
          "ID_TOO_LONG" ->
          new GatewayError(
              422, "invalid_request_error", reason, "the query was refused: " + detail);
      case "NO_LLM", "DEADLINE_PASSED", "BUDGET_EXHAUSTED" ->
          new GatewayError(503, "api_error", reason, "the query was not routed: " + detail);
      default ->
          new GatewayError(
              500,
              "api_error",
              reason,
              "the query could not be routed; the dead-letter topic says more");
    };
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    Header header = record.headers().lastHeader(key);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
