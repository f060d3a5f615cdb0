package dev.turnout.encoder.wordpiece;

import java.util.Arrays;

/** The word under construction: normalised UTF-16 units. Thread-confined. */
final class Word {
  private static final int KEPT = 1024;

  private char[] units = new char[64];
  private int length;
  private int codePoints;
  private int hash;

  /** Hash of a word by the hash of all but its last unit. */
  static int hash(int before, char unit) {
    return before * 31 + unit;
  }

  /** Hash over all units kept. */
  int hash() {
    return hash;
  }

  /** Whether the word consists of these units. */
  boolean is(char[] others, int from, int to) {
    return Arrays.equals(units, 0, length, others, from, to);
  }

  int length() {
    return length;
  }

  int codePoints() {
    return codePoints;
  }

  char charAt(int index) {
    return units[index];
  }

  void append(char unit) {
    codePoints++;
    store(unit);
  }

  void append(int codePoint) {
    codePoints++;
    if (Character.isBmpCodePoint(codePoint)) {
      store((char) codePoint);
    } else {
      store(Character.highSurrogate(codePoint));
      store(Character.lowSurrogate(codePoint));
    }
  }

  void clear() {
    length = 0;
    codePoints = 0;
    hash = 0;
  }

  private void store(char unit) {
    if (length == KEPT) {
      return;
    }
    if (length == units.length) {
      units = Arrays.copyOf(units, length * 2);
    }
    units[length++] = unit;
    hash = hash(hash, unit);
  }
}
