package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.BackPressure;
import dev.turnout.gateway.limit.Exceeded;
import dev.turnout.gateway.limit.Lease;
import dev.turnout.gateway.limit.Remaining;
import dev.turnout.schema.Outcome;
import io.javalin.http.Context;
import jakarta.servlet.ServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request holds as long as it is open. Safe for use by several threads. */
final class Visit {
  private static final String ATTRIBUTE = "turnout.visit";

  private final Lease lease;
  private final BackPressure pressure;
  private boolean asked;
  private boolean answered;
  private long since;

  Visit(Lease lease, BackPressure pressure) {
    this.lease = lease;
    this.pressure = pressure;
  }

  void attachTo(Context context) {
    context.req().setAttribute(ATTRIBUTE, this);
  }

  static Optional<Visit> of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Visit visit
        ? Optional.of(visit)
        : Optional.empty();
  }

  Remaining remaining() {
    return lease.remaining();
  }

  /**
   * Begins to wait for an answer.
   *
   * @param tokens of prompt and answer, estimated
   * @return the limit that does not leave so many; null if all do
   */
  synchronized @Nullable Exceeded ask(long tokens) {
    Exceeded exceeded = lease.takeTokens(tokens);
    if (exceeded == null && !asked) {
      asked = true;
      since = pressure.asked();
    }
    return exceeded;
  }

  /** Told what an answer took; without an answer nothing was taken. */
  synchronized void settle(@Nullable Outcome outcome) {
    if (outcome == null) {
      lease.settle(0);
      return;
    }
    answered = true;
    Long prompt = outcome.getPromptTokens();
    Long answer = outcome.getCompletionTokens();
    if (prompt != null || answer != null) {
      lease.settle((prompt == null ? 0 : prompt) + (answer == null ? 0 : answer));
    }
  }

  /** Gives everything back; called once, when the response has ended. */
  synchronized void end() {
    lease.close();
    if (asked) {
      asked = false;
      pressure.ended(answered, since);
    }
  }
}
