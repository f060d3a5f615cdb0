package dev.turnout.grader.traffic;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * How alike two texts look, whatever language they are in: by the pairs of letters that both have.
 * Two versions of a question share most of them, two questions on one matter some.
 *
 * @param pairs hashes of the text's pairs, sorted, without repetitions
 * @param length letters of the text
 */
record Likeness(int[] pairs, int length) {
  private static final int LONGEST = 1_000;

  /** The likeness of a text, of which the beginning is looked at. */
  static Likeness of(String text) {
    String plain = plain(text);
    String begun = plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST);
    int[] pairs = new int[Math.max(0, begun.length() - 1)];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = begun.charAt(i) << 16 | begun.charAt(i + 1);
    }
    return new Likeness(Arrays.stream(pairs).sorted().distinct().toArray(), plain.length());
  }

  /** Letters and digits in one case and form, with single spaces. */
  static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .strip();
  }

  /**
   * Dice's coefficient of the pairs.
   *
   * @return 0..1; 0 when either text has none
   */
  double to(Likeness other) {
    int shared = 0;
    for (int i = 0, j = 0; i < pairs.length && j < other.pairs.length; ) {
      int order = Integer.compare(pairs[i], other.pairs[j]);
      shared += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    int both = pairs.length + other.pairs.length;
    return pairs.length == 0 || other.pairs.length == 0 ? 0 : 2.0 * shared / both;
  }
}
