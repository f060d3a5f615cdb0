package dev.turnout.kafka;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one loop is doing.
 *
 * @param name the loop's name
 * @param alive whether its thread runs
 * @param progressAt when a turn last ended well; the start before the first
 * @param failingSince when the first turn failed since; null while all is well
 * @param lastError what the last failure said; null before any
 */
public record LoopState(
    String name,
    boolean alive,
    Instant progressAt,
    @Nullable Instant failingSince,
    @Nullable String lastError) {

  /** How long a loop may fail, or stand still, before it counts as a problem. */
  public static final Duration TOLERATED = Duration.ofSeconds(30);

  /** What is wrong with the loop at this moment, in words; null when nothing is. */
  public @Nullable String problem(Instant now) {
    String why = lastError == null ? "" : ": " + lastError;
    if (!alive) {
      return name + " has ended" + why;
    }
    Instant since = failingSince == null ? progressAt : failingSince;
    if (!now.isAfter(since.plus(TOLERATED))) {
      return null;
    }
    return failingSince == null
        ? name + " has made no progress since " + since + why
        : name + " has been failing since " + since + why;
  }
}
