package dev.turnout.app.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/** What a query is for. */
public enum Split {
  /** Settings and models are made from these alone. */
  TRAIN,
  /** In distribution: other queries of the trained tasks. Only ever reported. */
  TEST,
  /** Out of distribution: tasks never trained on. Only ever reported. */
  OOD;

  private static final int TRAIN_PERCENT = 80;

  /** The split of a name in any case, white space aside; empty if there is none. */
  public static Optional<Split> named(String name) {
    String wanted = name.strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(split -> split.name().equals(wanted)).findFirst();
  }

  /** The split of a question that nobody has put into one: 80 % train, equal texts alike. */
  public static Split byChecksum(String question) {
    CRC32 checksum = new CRC32();
    checksum.update(QueryOutcomes.normalised(question).getBytes(StandardCharsets.UTF_8));
    return checksum.getValue() % 100 < TRAIN_PERCENT ? TRAIN : TEST;
  }
}
