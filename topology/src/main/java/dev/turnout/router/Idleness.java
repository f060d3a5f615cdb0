package dev.turnout.router;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notices a router that runs, but has had no partition for a while. */
final class Idleness {

  /** Long enough for a group to settle after routers came and went. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private @Nullable Instant since;
  private boolean told;

  /**
   * Takes in how the router is doing.
   *
   * @param owning whether it has a partition, or has not joined its group yet
   * @return whether this is the moment to warn: true once each time it has been idle that long
   */
  synchronized boolean observe(boolean owning, Instant now) {
    if (owning) {
      since = null;
      told = false;
      return false;
    }
    if (since == null) {
      since = now;
    }
    if (told || now.isBefore(since.plus(PATIENCE))) {
      return false;
    }
    told = true;
    return true;
  }
}
