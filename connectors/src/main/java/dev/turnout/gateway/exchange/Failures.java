package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.access.AccessException;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.traffic.BrokenAnswerException;
import dev.turnout.gateway.traffic.TrafficLimitException;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients are told of failures. What went wrong inside stays inside: no address, no name of a
 * worker or topic is in a message; the log has them.
 */
public final class Failures {

  /** Type of an error that is not the client's doing. */
  static final String API_ERROR = "api_error";

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Of what was thrown on the way. */
  static GatewayError of(@Nullable Throwable failure) {
    @Nullable Throwable cause = failure == null ? null : FutureFailure.cause(failure);
    if (cause instanceof GatewayError error) {
      return error;
    }
    if (cause instanceof AccessException refused) {
      return new GatewayError(
          refused.status(), refused.type(), refused.code(), String.valueOf(refused.getMessage()));
    }
    if (cause instanceof TimeoutException) {
      return new GatewayError(
          504, API_ERROR, "timeout", "no answer within the time that was given");
    }
    if (cause instanceof BrokenAnswerException) {
      return new GatewayError(502, API_ERROR, "answer_broken", String.valueOf(cause.getMessage()));
    }
    if (cause instanceof TrafficLimitException) {
      return new GatewayError(
              503, API_ERROR, "busy", "the gateway has as much under way as it may; try again")
          .retryAfter(GatewayError.SOON);
    }
    if (cause instanceof UncheckedIOException) {
      return new GatewayError(400, "invalid_request_error", "the request did not come whole");
    }
    LOG.atError().setMessage("request failed").setCause(cause).log();
    return cause instanceof KafkaException
        ? new GatewayError(
                503, API_ERROR, "unavailable", "the service does not answer at present; try again")
            .retryAfter(GatewayError.SOON)
        : new GatewayError(500, API_ERROR, "internal error");
  }

  /** Of an outcome without an answer. */
  static GatewayError of(Outcome outcome) {
    int status = outcome.getHttpStatus() == null ? 0 : outcome.getHttpStatus();
    @Nullable Duration wait =
        outcome.getRetryAfterMs() == null ? null : Duration.ofMillis(outcome.getRetryAfterMs());
    String llm = "\"" + outcome.getLlm() + "\"";
    if (status == 429) {
      return new GatewayError(
              429, "rate_limit_error", "rate_limit_exceeded", llm + " takes no more requests now")
          .retryAfter(wait == null ? GatewayError.SOON : wait);
    }
    Optional<ObjectNode> own = ownWords(outcome);
    if (own.isPresent() && isClients(status)) {
      String message = Json.text(own.get(), "message");
      return new GatewayError(
              status,
              "invalid_request_error",
              Json.text(own.get(), "code"),
              message == null ? llm + " refused the request" : message)
          .inTheWordsOf(own.get());
    }
    if (outcome.getStatus() == OutcomeStatus.TIMED_OUT) {
      return new GatewayError(504, API_ERROR, "timeout", llm + " gave no answer in time");
    }
    if (outcome.getStatus() == OutcomeStatus.REJECTED) {
      return new GatewayError(502, API_ERROR, "llm_refused", llm + " did not take the request");
    }
    if (wait != null) {
      return new GatewayError(503, API_ERROR, "llm_unavailable", llm + " takes nothing at present")
          .retryAfter(wait);
    }
    String others =
        outcome.getTrail().isEmpty() ? "" : ", and neither could the others that were asked";
    return new GatewayError(502, API_ERROR, "llm_failed", llm + " could not answer" + others);
  }

  /** Whether a status is about the request; 401 and 403 are about our key for the LLM. */
  private static boolean isClients(int status) {
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 407;
  }

  private static Optional<ObjectNode> ownWords(Outcome outcome) {
    return Json.parse(outcome.getErrorBody())
        .map(json -> json.get("error") instanceof ObjectNode error ? error : json);
  }
}
