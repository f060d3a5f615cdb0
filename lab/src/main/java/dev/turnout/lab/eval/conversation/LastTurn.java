package dev.turnout.lab.eval.conversation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Something a user says after a question was answered.
 *
 * @param heldOut true when nothing was chosen by it
 * @param language two letters, e.g. {@code fr}
 * @param kind of follow-up, e.g. {@code shorten}; {@link #NEW} for a question of its own
 */
record LastTurn(boolean heldOut, String language, String kind, String text) {
  /** The kind of turns that ask something new. */
  static final String NEW = "new";

  private static final String RESOURCE = "last-turns.tsv";
  private static final String HELD_OUT = "held-out";

  boolean isNew() {
    return kind.equals(NEW);
  }

  /** All that come with the program. */
  static List<LastTurn> all() {
    InputStream stream = LastTurn.class.getResourceAsStream(RESOURCE);
    if (stream == null) {
      throw new IllegalStateException(RESOURCE + " is missing from the class path");
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(LastTurn::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  private static LastTurn parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != 4) {
      throw new IllegalStateException(RESOURCE + ": a line must have four fields, but is: " + line);
    }
    return new LastTurn(fields[0].equals(HELD_OUT), fields[1], fields[2], fields[3]);
  }
}
