package dev.turnout.app.quickstart.scenario;

import java.util.Locale;
import java.util.OptionalInt;

/** Query ids of one quickstart run: the run's name and the position in the stream. */
public record StreamIds(String run) {

  public String of(int position) {
    return String.format(Locale.ROOT, "%s-%06d", run, position);
  }

  /** The position an id stands for; nothing if the id is not of this run. */
  public OptionalInt position(String id) {
    if (!id.startsWith(run + "-")) {
      return OptionalInt.empty();
    }
    try {
      int position = Integer.parseInt(id.substring(run.length() + 1));
      return position < 0 ? OptionalInt.empty() : OptionalInt.of(position);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
