package dev.turnout.gateway.limit;

import dev.turnout.gateway.limit.Exceeded.What;
import org.jspecify.annotations.Nullable;

/** What one key, or one tenant, has taken of its limits. Safe for use by several threads. */
final class CallAllowance {
  /** When an open request ends is not known; that some does within a second is likely. */
  private static final long CONCURRENCY_RETRY_MILLIS = 1_000;

  private final String whose;
  private final RateWindow requests = new RateWindow();
  private final RateWindow tokens = new RateWindow();
  private int open;

  CallAllowance(String whose) {
    this.whose = whose;
  }

  /** Takes one request; null if it was taken. */
  synchronized @Nullable Exceeded enter(TrafficLimits limits, long now) {
    Integer concurrency = limits.concurrency();
    if (concurrency != null && open >= concurrency) {
      return new Exceeded(whose, What.CONCURRENCY, concurrency, CONCURRENCY_RETRY_MILLIS);
    }
    Long most = limits.requestsPerMinute();
    if (most == null) {
      requests.add(1, now);
    } else if (!requests.tryTake(1, most, now)) {
      return new Exceeded(whose, What.REQUESTS, most, requests.millisUntil(1, most, now));
    }
    open++;
    return null;
  }

  /** Ends a request. */
  synchronized void leave() {
    open--;
  }

  /** Takes back a request that another allowance refused. */
  synchronized void undo(long entered, long now) {
    open--;
    requests.giveBack(1, entered, now);
  }

  /**
   * Takes tokens; null if they were taken. More than the limit is never asked for: a large request
   * waits until it is alone in its minute, instead of never being served.
   */
  synchronized @Nullable Exceeded takeTokens(TrafficLimits limits, long amount, long now) {
    Long most = limits.tokensPerMinute();
    if (most == null) {
      tokens.add(amount, now);
      return null;
    }
    return tokens.tryTake(Math.min(amount, most), most, now)
        ? null
        : new Exceeded(whose, What.TOKENS, most, tokens.millisUntil(amount, most, now));
  }

  /** Puts what was used in the place of what was taken at a moment. */
  synchronized void settleTokens(
      TrafficLimits limits, long estimate, long used, long taken, long now) {
    Long most = limits.tokensPerMinute();
    long counted = most == null ? estimate : Math.min(estimate, most);
    if (used > counted) {
      tokens.add(used - counted, now);
    } else {
      tokens.giveBack(counted - used, taken, now);
    }
  }

  /** What is left of the limits. */
  synchronized Remaining remaining(TrafficLimits limits, long now) {
    return new Remaining(
        Remaining.Rate.of(limits.requestsPerMinute(), requests, now),
        Remaining.Rate.of(limits.tokensPerMinute(), tokens, now));
  }
}
