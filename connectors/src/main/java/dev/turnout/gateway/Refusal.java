package dev.turnout.gateway;

import dev.turnout.topic.DeadLetterReason;
import java.util.Arrays;
import java.util.Optional;

/**
 * A query the router refused to route.
 *
 * @param queryId the query
 * @param reason name of a {@link DeadLetterReason}, or of one that a newer router knows
 * @param detail what was found and what would be right, in words
 */
public record Refusal(String queryId, String reason, String detail) {

  /** What to tell the client: the status of the reason, and the detail if the client can act. */
  public GatewayError error() {
    int status = known(reason).map(Refusal::status).orElse(500);
    return switch (status) {
      case 422 ->
          new GatewayError(
              status, "invalid_request_error", reason, "the query was refused: " + detail);
      case 503 -> unrouted(status).retryAfter(GatewayError.SOON);
      case 504 -> unrouted(status);
      default ->
          new GatewayError(
              status,
              "api_error",
              reason,
              "the query could not be routed, by a fault on this side");
    };
  }

  private GatewayError unrouted(int status) {
    return new GatewayError(status, "api_error", reason, "the query was not routed: " + detail);
  }

  /**
   * HTTP status of a reason: 422 if the query has to change, 503 if the same query may be routed
   * another time, 504 if its time ran out, 500 if the fault is on this side.
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
      case NO_LLM, BUDGET_EXHAUSTED -> 503;
      case DEADLINE_PASSED -> 504;
      case NULL_VALUE, UNDECODABLE, UNKNOWN_SCHEMA, ATTEMPTS_EXHAUSTED, INTERNAL_ERROR -> 500;
    };
  }

  /** Empty for a reason that only a newer router knows. */
  private static Optional<DeadLetterReason> known(String reason) {
    return Arrays.stream(DeadLetterReason.values())
        .filter(known -> known.name().equals(reason))
        .findFirst();
  }
}
