package dev.turnout.router.emit;

import dev.turnout.router.encode.EncodedQuery;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.telemetry.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The span of one decision. A transaction that is aborted has its queries decided again, and so has
 * two spans of each.
 */
final class DecisionSpan {

  private static final double MICROS_PER_SECOND = 1e6;

  private final Span span;

  private DecisionSpan(Span span) {
    this.span = span;
  }

  /**
   * Begins.
   *
   * @param headers of the query's record
   * @return null when nothing is traced
   */
  static @Nullable DecisionSpan begin(
      Telemetry telemetry, Headers headers, Query query, EncodedQuery encoded) {
    if (!telemetry.isOn()) {
      return null;
    }
    SpanBuilder begun = telemetry.span("decide", SpanKind.CONSUMER, TraceContext.of(headers));
    if (begun == null) {
      return null;
    }
    return new DecisionSpan(
        begun
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("turnout.query.id", query.getId())
            .setAttribute("turnout.tenant", query.getTenant())
            .setAttribute("turnout.encode.duration", encoded.encodeMicros() / MICROS_PER_SECOND)
            .startSpan());
  }

  /** What follows from the decision hangs on it. */
  void into(Headers headers) {
    Telemetry.within(span).into(headers);
  }

  void decided(RoutingDecision decision) {
    span.setAttribute("turnout.llm", decision.getLlm());
    span.setAttribute("turnout.policy", decision.getPolicy());
    span.setAttribute("turnout.fallback", decision.getFallback().name());
    span.setAttribute("turnout.model.version", decision.getModelVersion());
    span.setAttribute("turnout.queue.duration", decision.getQueueMicros() / MICROS_PER_SECOND);
    span.end();
  }

  void refused(DeadLetter letter) {
    span.setAttribute("error.type", letter.reason().name());
    span.setStatus(StatusCode.ERROR);
    span.end();
  }
}
