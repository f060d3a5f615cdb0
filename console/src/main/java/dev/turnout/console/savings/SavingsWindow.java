package dev.turnout.console.savings;

import java.util.Arrays;
import java.util.Optional;

/** How far back savings are added up. */
public enum SavingsWindow {
  /** Today and yesterday, by UTC. */
  DAY("day", "2 days", 2),
  /** The last seven days. */
  WEEK("week", "7 days", 7),
  /** All days that are kept. */
  MONTH("month", "30 days", 30);

  private final String id;
  private final String words;
  private final int days;

  SavingsWindow(String id, String words, int days) {
    this.id = id;
    this.words = words;
    this.days = days;
  }

  /** The window of a name in an address. */
  static Optional<SavingsWindow> named(String id) {
    return Arrays.stream(values()).filter(window -> window.id.equals(id)).findFirst();
  }

  /** Its name in an address. */
  String id() {
    return id;
  }

  /** For people. */
  String words() {
    return words;
  }

  /** Days by UTC, today's among them. */
  int days() {
    return days;
  }
}
