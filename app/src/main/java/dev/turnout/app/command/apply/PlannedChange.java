package dev.turnout.app.command.apply;

import java.util.List;
import java.util.Locale;

/**
 * What becomes of one thing.
 *
 * @param kind e.g. {@code Llm}
 * @param differences of a change, in words, a field each
 * @param step does it; nothing where nothing is to be done
 */
record PlannedChange(String kind, String name, Action action, List<String> differences, Step step) {

  /** What is to be done. */
  enum Action {
    CREATED('+'),
    CHANGED('~'),
    REMOVED('-'),
    UNCHANGED('=');

    private final char sign;

    Action(char sign) {
      this.sign = sign;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Writes to the topics. */
  interface Step {
    void run() throws InterruptedException;
  }

  PlannedChange {
    differences = List.copyOf(differences);
  }

  static PlannedChange unchanged(String kind, String name, String... why) {
    return new PlannedChange(kind, name, Action.UNCHANGED, List.of(why), () -> {});
  }

  /** One line. */
  String text() {
    return action.sign
        + " "
        + kind
        + " "
        + name
        + " "
        + action.word()
        + (differences.isEmpty() ? "" : ": " + String.join("; ", differences));
  }
}
