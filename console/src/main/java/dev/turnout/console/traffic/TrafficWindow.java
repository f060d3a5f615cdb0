package dev.turnout.console.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** How far back a reader looks. */
public enum TrafficWindow {
  FIVE_MINUTES("5m", "5 minutes", Duration.ofMinutes(5), TrafficLevel.MINUTES),
  HOUR("1h", "1 hour", Duration.ofHours(1), TrafficLevel.MINUTES),
  SIX_HOURS("6h", "6 hours", Duration.ofHours(6), TrafficLevel.TEN_MINUTES),
  DAY("24h", "24 hours", Duration.ofHours(24), TrafficLevel.TEN_MINUTES),
  WEEK("7d", "7 days", Duration.ofDays(7), TrafficLevel.TWO_HOURS),
  MONTH("30d", "30 days", Duration.ofDays(30), TrafficLevel.TWO_HOURS);

  private final String name;
  private final String words;
  private final Duration span;
  private final TrafficLevel level;

  TrafficWindow(String name, String words, Duration span, TrafficLevel level) {
    this.name = name;
    this.words = words;
    this.span = span;
    this.level = level;
  }

  /** The window of a name, e.g. {@code 5m}. */
  public static Optional<TrafficWindow> named(String name) {
    return Arrays.stream(values()).filter(window -> window.name.equals(name)).findFirst();
  }

  /** Its name in addresses. */
  public String id() {
    return name;
  }

  /** Its name for people. */
  public String words() {
    return words;
  }

  /** How long it is. */
  public Duration span() {
    return span;
  }

  /** How far apart its counts are. */
  public Duration step() {
    return level.step();
  }

  TrafficLevel level() {
    return level;
  }

  /** Where its first count begins, so that so many whole steps and the present one are in it. */
  public Instant from(Instant now) {
    return level.startOf(now.minus(span)).plus(level.step());
  }
}
