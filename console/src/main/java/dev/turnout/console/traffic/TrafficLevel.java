package dev.turnout.console.traffic;

import java.time.Duration;
import java.time.Instant;

/** How finely a stretch of the past is counted: the older, the coarser. */
enum TrafficLevel {
  MINUTES("traffic-minutes", Duration.ofMinutes(1), Duration.ofHours(3)),
  TEN_MINUTES("traffic-ten-minutes", Duration.ofMinutes(10), Duration.ofHours(30)),
  TWO_HOURS("traffic-two-hours", Duration.ofHours(2), Duration.ofDays(31));

  private final String store;
  private final Duration step;
  private final Duration kept;

  TrafficLevel(String store, Duration step, Duration kept) {
    this.store = store;
    this.step = step;
    this.kept = kept;
  }

  /** Name of its store. */
  String store() {
    return store;
  }

  /** Length of a window. */
  Duration step() {
    return step;
  }

  /** How long windows are kept. */
  Duration kept() {
    return kept;
  }

  /** Start of the window that a moment lies in. */
  Instant startOf(Instant at) {
    long millis = step.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), millis) * millis);
  }

  /** Whether a moment's window is kept now. */
  boolean keeps(Instant at, Instant now) {
    return startOf(at).isAfter(now.minus(kept));
  }
}
