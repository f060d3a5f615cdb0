package dev.turnout.model.guard;

import java.nio.ByteBuffer;

/**
 * Counts of the training texts in a byte each: exact up to 31, beyond it on a logarithmic scale of
 * a twentieth. Immutable.
 */
public final class LanguageTables implements LanguageView {
  private static final int EXACT = 31;
  private static final double STEPS = 21.5;
  private static final double[] COUNTS = counts();
  private static final LanguageTable[] TABLES = LanguageTable.values();

  private final int texts;
  private final double words;
  private final byte[][] codes;
  private final double[][] logs;

  private LanguageTables(int texts, double words, byte[][] codes) {
    this.texts = texts;
    this.words = words;
    this.codes = codes;
    this.logs = new double[TABLES.length][COUNTS.length];
    for (int t = 0; t < logs.length; t++) {
      for (int code = 0; code < COUNTS.length; code++) {
        logs[t][code] = Math.log(COUNTS[code] + TABLES[t].smoothing());
      }
    }
  }

  static LanguageTables of(LanguageCounts counts) {
    byte[][] codes = new byte[TABLES.length][];
    for (LanguageTable table : TABLES) {
      int[] exact = counts.table(table);
      byte[] row = new byte[exact.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = code(exact[i]);
      }
      codes[table.place()] = row;
    }
    return new LanguageTables(counts.texts(), counts.words(), codes);
  }

  private static byte code(int count) {
    return (byte)
        (count <= EXACT
            ? count
            : Math.min(255, EXACT + Math.round(STEPS * Math.log((double) count / EXACT))));
  }

  private static double[] counts() {
    double[] counts = new double[256];
    for (int code = 0; code < counts.length; code++) {
      counts[code] = code <= EXACT ? code : EXACT * Math.exp((code - EXACT) / STEPS);
    }
    return counts;
  }

  /** A count as its byte tells it. */
  static double rounded(int count) {
    return COUNTS[code(count) & 0xFF];
  }

  static int bytes() {
    int bytes = 12;
    for (LanguageTable table : TABLES) {
      bytes += table.size();
    }
    return bytes;
  }

  void write(ByteBuffer out) {
    out.putInt(texts).putDouble(words);
    for (byte[] row : codes) {
      out.put(row);
    }
  }

  static LanguageTables read(ByteBuffer in) {
    int texts = in.getInt();
    double words = in.getDouble();
    if (texts < 0 || !(words >= 0)) {
      throw new IllegalArgumentException(
          "the guard's language has " + texts + " texts of " + words + " words");
    }
    byte[][] codes = new byte[TABLES.length][];
    for (LanguageTable table : TABLES) {
      codes[table.place()] = new byte[table.size()];
      in.get(codes[table.place()]);
    }
    return new LanguageTables(texts, words, codes);
  }

  @Override
  public int texts() {
    return texts;
  }

  @Override
  public double words() {
    return words;
  }

  @Override
  public double count(LanguageTable table, int slot) {
    return COUNTS[codes[table.place()][slot] & 0xFF];
  }

  @Override
  public double log(LanguageTable table, int slot) {
    return logs[table.place()][codes[table.place()][slot] & 0xFF];
  }
}
