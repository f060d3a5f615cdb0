package dev.turnout.gateway.trace;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.telemetry.TraceContext;
import io.javalin.http.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one request: the server's span where the gateway traces, else what the client sent,
 * which goes on to the LLM all the same. Safe for use by several threads.
 */
public final class RequestSpan {

  private static final String ATTRIBUTE = "turnout.trace";
  private static final RequestSpan NONE = new RequestSpan(null, null);
  private static final int SERVER_ERROR = 500;

  private final @Nullable TraceContext trace;
  private final @Nullable Span span;
  private volatile int told;

  private RequestSpan(@Nullable TraceContext trace, @Nullable Span span) {
    this.trace = trace;
    this.span = span;
  }

  /** Begins with a request, and stays with it. */
  public static void begin(Context context, Telemetry telemetry) {
    TraceContext sent =
        TraceContext.of(
            context.header(TraceContext.TRACEPARENT), context.header(TraceContext.TRACESTATE));
    String method = context.method().name();
    SpanBuilder begun = telemetry.span(method, SpanKind.SERVER, sent);
    if (begun != null) {
      Span span =
          begun
              .setAttribute("http.request.method", method)
              .setAttribute("url.scheme", context.scheme())
              .setAttribute("url.path", context.path())
              .startSpan();
      context.req().setAttribute(ATTRIBUTE, new RequestSpan(Telemetry.within(span), span));
    } else if (sent != null) {
      context.req().setAttribute(ATTRIBUTE, new RequestSpan(sent, null));
    }
  }

  /** That of a request. */
  public static RequestSpan of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestSpan known ? known : NONE;
  }

  /** What is done for the request hangs on this; null for no trace. */
  public @Nullable TraceContext trace() {
    return trace;
  }

  /** The request was read and is this query. */
  public void asks(Context context, Query query) {
    if (span == null) {
      return;
    }
    String route = context.endpointHandlerPath();
    span.updateName(context.method().name() + " " + route);
    span.setAttribute("http.route", route);
    span.setAttribute("turnout.query.id", query.getId());
    span.setAttribute("turnout.tenant", query.getTenant());
    if (query.getSession() != null) {
      span.setAttribute("gen_ai.conversation.id", query.getSession());
    }
  }

  /** An LLM answered, or every one failed. */
  public void answered(Outcome outcome) {
    if (span != null) {
      span.setAttribute("turnout.llm", outcome.getLlm());
      span.setAttribute("turnout.attempt", outcome.getAttempt());
      span.setAttribute("turnout.outcome", outcome.getStatus().name());
    }
  }

  /** What the gateway counts, where that is not what was sent: of a client that left. */
  public void counts(int status) {
    told = status;
  }

  /**
   * The response has ended.
   *
   * @param status that was sent
   */
  public void end(int status) {
    if (span == null) {
      return;
    }
    int counted = told == 0 ? status : told;
    span.setAttribute("http.response.status_code", counted);
    if (counted >= SERVER_ERROR) {
      span.setAttribute("error.type", Integer.toString(counted));
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
