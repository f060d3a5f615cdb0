package dev.turnout.gateway.limit;

import org.jspecify.annotations.Nullable;

/**
 * How much may be asked; null is without limit.
 *
 * @param requestsPerMinute requests in any 60 seconds, > 0
 * @param tokensPerMinute tokens of prompts and answers in any 60 seconds, > 0
 * @param concurrency requests open at the same time, > 0
 */
public record TrafficLimits(
    @Nullable Long requestsPerMinute,
    @Nullable Long tokensPerMinute,
    @Nullable Integer concurrency) {

  /** Without any limit. */
  public static final TrafficLimits NONE = new TrafficLimits(null, null, null);

  /** Checks that each leaves something. */
  public TrafficLimits {
    require("requests a minute", requestsPerMinute);
    require("tokens a minute", tokensPerMinute);
    require("open requests", concurrency == null ? null : concurrency.longValue());
  }

  private static void require(String what, @Nullable Long limit) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException(
          "a limit of " + limit + " " + what + " leaves nothing; it must be at least 1, or none");
    }
  }

  /** Whether there is none. */
  public boolean isNone() {
    return equals(NONE);
  }
}
