package dev.turnout.model.guard;

import java.util.Arrays;

/**
 * One text taken apart in a single pass: its characters as a small alphabet, its words and their
 * endings as hashes, and statistics of its surface. A long text is read at its head and its tail,
 * so that the work is bounded. Holds scratch space: confined to one thread.
 */
public final class TextTrace {
  /** Size of the alphabet: ASCII in lower case, one digit, one character a script. */
  static final int ALPHABET = 80;

  /** Number of {@link #surface()} statistics. */
  static final int SURFACE = 19;

  private static final int HEAD = 1500;
  private static final int TAIL = 500;
  private static final int DISTINCT = 4096;
  private static final int BEGIN = 0x2545F491;
  private static final int END = 0x6C078965;
  private static final byte[] ASCII = ascii();

  private final byte[] letters = new byte[HEAD + TAIL + 3];
  private final int[] words = new int[HEAD + TAIL + 2];
  private final int[] endings = new int[HEAD + TAIL + 2];
  private final int[] seen = new int[DISTINCT];
  private final double[] surface = new double[SURFACE];
  private int letterCount;
  private int wordCount;
  private int stamp;

  /** Reads a text; everything else here is about the text read last. */
  public void read(String text) {
    letterCount = 0;
    wordCount = 0;
    push((byte) 0);
    push((byte) 0);
    word(BEGIN, BEGIN);
    Surface counts = new Surface();
    int length = text.length();
    int hash = 0;
    int run = 0;
    int kind = 0;
    char last = 0;
    char before = 0;
    for (int i = 0; i < length; i++) {
      if (i == HEAD && length > HEAD + TAIL) {
        i = length - TAIL;
      }
      char c = text.charAt(i);
      counts.add(c);
      push(symbol(c));
      char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
      int now = kind(lower);
      if (kind != 0 && now != kind) {
        endWord(kind, hash, run, before, last);
        kind = 0;
      }
      if (now == WORD || now == NUMBER) {
        hash = kind == 0 ? lower : hash * 31 + lower;
        run = kind == 0 ? 1 : run + 1;
        kind = now;
        before = last;
        last = lower;
      } else if (now == MARK) {
        int mark = mixed(Character.toLowerCase(c) + 0x10000);
        word(mark, c < 128 ? mark : mixed((c >> 8) + 0x20000));
      }
    }
    if (kind != 0) {
      endWord(kind, hash, run, before, last);
    }
    word(END, END);
    push((byte) 0);
    counts.write(surface, length, distinct(), Math.max(1, wordCount - 2));
  }

  private static final int WORD = 1;
  private static final int NUMBER = 2;
  private static final int MARK = 3;

  private static int kind(char lower) {
    if (lower >= 'a' && lower <= 'z') {
      return WORD;
    }
    if (lower >= '0' && lower <= '9') {
      return NUMBER;
    }
    return lower != '\n' && Character.isWhitespace(lower) ? 0 : MARK;
  }

  private void endWord(int kind, int hash, int run, char before, char last) {
    if (kind == NUMBER) {
      int number = mixed(Math.min(run, 3) + 0x30000);
      word(number, number);
    } else {
      int whole = mixed(hash);
      word(whole, run > 2 ? mixed(before * 31 + last + 0x40000) : whole);
    }
  }

  private void word(int hash, int ending) {
    words[wordCount] = hash;
    endings[wordCount++] = ending;
  }

  private void push(byte letter) {
    letters[letterCount++] = letter;
  }

  private int distinct() {
    if (++stamp == Integer.MAX_VALUE) {
      Arrays.fill(seen, 0);
      stamp = 1;
    }
    int distinct = 0;
    for (int i = 1; i < wordCount - 1; i++) {
      int slot = words[i] >>> 20;
      distinct += seen[slot] == stamp ? 0 : 1;
      seen[slot] = stamp;
    }
    return distinct;
  }

  private static int mixed(int value) {
    int hash = value * 0x9E3779B9;
    hash ^= hash >>> 15;
    hash *= 0x85EBCA6B;
    return hash ^ hash >>> 13;
  }

  /** Characters with two marks before the first and one behind the last. */
  int letterCount() {
    return letterCount;
  }

  /** A character's place in the alphabet, 0 for the marks and what has none. */
  int letter(int position) {
    return letters[position];
  }

  /** Words, numbers and punctuation marks with a mark before the first and one behind the last. */
  int wordCount() {
    return wordCount;
  }

  int word(int position) {
    return words[position];
  }

  /** What stands for a rare word: its last two letters, or its script. */
  int ending(int position) {
    return endings[position];
  }

  /** {@code double[SURFACE]}, valid until the next text. */
  double[] surface() {
    return surface;
  }

  private static byte symbol(char c) {
    if (c < 128) {
      return ASCII[c];
    }
    if ((c >= 0x4e00 && c < 0xa000) || (c >= 0x3400 && c < 0x4dc0)) {
      return 71;
    }
    if (c >= 0x3040 && c < 0x3100) {
      return 72;
    }
    if (c >= 0xac00 && c < 0xd7b0) {
      return 73;
    }
    if (c >= 0x400 && c < 0x530) {
      return 74;
    }
    if (c >= 0x600 && c < 0x700) {
      return 75;
    }
    if (c >= 0x370 && c < 0x400) {
      return 76;
    }
    if ((c >= 0x3000 && c < 0x3040) || (c >= 0xff00 && c < 0xfff0)) {
      return 77;
    }
    return (byte) (c >= 0xc0 && c < 0x250 ? 78 : 79);
  }

  private static byte[] ascii() {
    byte[] table = new byte[128];
    String known = " \nabcdefghijklmnopqrstuvwxyz0.,;:!?'\"()[]{}<>=+-*/\\_^$%&#@|~`";
    for (int i = 0; i < known.length(); i++) {
      table[known.charAt(i)] = (byte) (i + 1);
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      table[c] = table[c + 32];
    }
    for (char c = '1'; c <= '9'; c++) {
      table[c] = table['0'];
    }
    table['\t'] = table[' '];
    table['\r'] = table[' '];
    return table;
  }
}
