package dev.turnout.gateway;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A query the router refused to route, as the dead-letter topic has it.
 *
 * @param queryId the query
 * @param reason name of a {@link DeadLetterReason}, or of one that a newer router knows
 * @param detail what was found and what would be right, in words
 */
record Refusal(String queryId, String reason, String detail) {

  /** The refusal that a dead letter holds; empty if it was not a query that was refused. */
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

  /** What to tell the client: the status of the reason, and the detail if the client can act. */
  GatewayError error() {
    int status = known(reason).map(Refusal::status).orElse(500);
    return switch (status) {
      case 422 ->
          new GatewayError(
              status, "invalid_request_error", reason, "the query was refused: " + detail);
      case 503 ->
          new GatewayError(status, "api_error", reason, "the query was not routed: " + detail);
      default ->
          new GatewayError(
              status,
              "api_error",
              reason,
              "the query could not be routed; the dead-letter topic says more");
    };
  }

  /**
   * HTTP status of a reason: 422 if the query has to change, 503 if the same query may be routed
   * another time, 500 if the fault is on this side.
   */
  static int status(DeadLetterReason reason) {
    // Without a default, so that a new reason does not compile before it has its status.
    return switch (reason) {
      case EMPTY_TEXT,
          TOO_LARGE,
          NOT_TEXT,
          INVALID_CONSTRAINTS,
          REPLY_TO_NOT_ALLOWED,
          MISSING_ID,
          ID_TOO_LONG ->
          422;
      case NO_LLM, DEADLINE_PASSED, BUDGET_EXHAUSTED -> 503;
      case NULL_VALUE, UNDECODABLE, UNKNOWN_SCHEMA, ATTEMPTS_EXHAUSTED, INTERNAL_ERROR -> 500;
    };
  }

  /** Empty for a reason that only a newer router knows. */
  private static Optional<DeadLetterReason> known(String reason) {
    return Arrays.stream(DeadLetterReason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    Header header = record.headers().lastHeader(key);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
