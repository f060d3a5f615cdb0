package dev.turnout.gateway.limit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is left of limits, as clients are told.
 *
 * @param requests null without a limit
 * @param tokens null without a limit
 */
public record Remaining(@Nullable Rate requests, @Nullable Rate tokens) {

  /**
   * One of them.
   *
   * @param limit how many in a minute
   * @param left how many now, never negative
   * @param resetMillis until all are left again
   */
  public record Rate(long limit, long left, long resetMillis) {

    static @Nullable Rate of(@Nullable Long limit, RateWindow window, long now) {
      return limit == null
          ? null
          : new Rate(limit, Math.max(0, limit - window.used(now)), window.millisUntilEmpty(now));
    }

    private static @Nullable Rate tighter(@Nullable Rate one, @Nullable Rate other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.left <= other.left ? one : other;
    }
  }

  /** The tighter of both, kind by kind. */
  Remaining and(Remaining other) {
    return new Remaining(
        Rate.tighter(requests, other.requests), Rate.tighter(tokens, other.tokens));
  }

  /** As OpenAI's API tells it, e.g. {@code x-ratelimit-remaining-requests: 59}. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    put(headers, "requests", requests);
    put(headers, "tokens", tokens);
    return headers;
  }

  private static void put(Map<String, String> headers, String what, @Nullable Rate rate) {
    if (rate != null) {
      headers.put("x-ratelimit-limit-" + what, Long.toString(rate.limit));
      headers.put("x-ratelimit-remaining-" + what, Long.toString(rate.left));
      headers.put(
          "x-ratelimit-reset-" + what,
          String.format(Locale.ROOT, "%.3fs", rate.resetMillis / 1_000.0));
    }
  }
}
