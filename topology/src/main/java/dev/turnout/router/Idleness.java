package dev.turnout.router;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notices a router that runs, but has had no partition for a while. */
final class Idleness {

  /** Long enough for a group to settle after routers came and went. */
  static final Duration LIMIT = Duration.ofMinutes(1);

  private @Nullable Instant since;
  private boolean warned;

  /**
   * Notes how the router is doing.
   *
   * @param owning whether it has a partition, or has not joined its group yet
   * @return whether this is the moment to warn: true once each time it has been idle that long
   */
  synchronized boolean observe(boolean owning, Instant now) {
    if (owning) {
      since = null;
      warned = false;
      return false;
    }
    if (since == null) {
      since = now;
    }
    if (warned || now.isBefore(since.plus(LIMIT))) {
      return false;
    }
    warned = true;
    return true;
  }
}
