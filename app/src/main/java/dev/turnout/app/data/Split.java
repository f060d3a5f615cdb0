package dev.turnout.app.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a query is for. */
public enum Split {
  /** Settings and models are made from these alone. */
  TRAIN,
  /** In distribution: other queries of the trained tasks. Only ever reported. */
  TEST,
  /** Out of distribution: tasks never trained on. Only ever reported. */
  OOD;

  /** The split of a name in any case, white space aside; empty if there is none. */
  public static Optional<Split> named(String name) {
    String wanted = name.strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(split -> split.name().equals(wanted)).findFirst();
  }
}
