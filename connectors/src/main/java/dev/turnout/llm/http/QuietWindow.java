package dev.turnout.llm.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Until when a server wants to be left alone ({@code Retry-After}). It holds for every call of the
 * client, not only for the one that was told. Safe for use by several threads.
 */
final class QuietWindow {

  /**
   * What the server said last.
   *
   * @param until the end of the window
   * @param status with which it refused
   */
  record Until(Instant until, int status) {

    Duration remaining(Instant now) {
      return Duration.between(now, until);
    }
  }

  private final AtomicReference<@Nullable Until> window = new AtomicReference<>();

  /** Takes up what a server said; an earlier end does not shorten a window. */
  void leaveAlone(int status, Duration retryAfter, Instant now) {
    Until said = new Until(now.plus(retryAfter), status);
    window.accumulateAndGet(
        said,
        (before, told) ->
            before == null || (told != null && told.until().isAfter(before.until()))
                ? told
                : before);
  }

  /** The window that is open; null when the server may be asked. */
  @Nullable Until open(Instant now) {
    Until said = window.get();
    return said != null && now.isBefore(said.until()) ? said : null;
  }
}
