package dev.turnout.topic;

/** Texts measured and cut by what they take on a topic: bytes of UTF-8. */
public final class BoundedText {
  private static final String ELLIPSIS = "…";
  private static final int ELLIPSIS_BYTES = 3;

  private BoundedText() {}

  /** Bytes of a text in UTF-8, counted without making them. */
  public static long bytes(CharSequence text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text, i);
    }
    return bytes;
  }

  /**
   * The text itself if it fits, else its beginning with an ellipsis.
   *
   * @param most bytes of UTF-8 that come back at most; at least 3
   */
  public static String cut(String text, int most) {
    if (most < ELLIPSIS_BYTES) {
      throw new IllegalArgumentException(
          "a text cannot be cut to " + most + " bytes; allow at least " + ELLIPSIS_BYTES);
    }
    // a char takes three bytes at most, so most texts need no counting
    if (text.length() <= most / 3) {
      return text;
    }
    long bytes = 0;
    int fitting = 0;
    for (int i = 0; i < text.length(); i++) {
      if (bytes <= most - ELLIPSIS_BYTES && !isInsidePair(text, i)) {
        fitting = i;
      }
      bytes += bytes(text, i);
      if (bytes > most) {
        return text.substring(0, fitting) + ELLIPSIS;
      }
    }
    return text;
  }

  private static int bytes(CharSequence text, int at) {
    char c = text.charAt(at);
    if (c < 0x80) {
      return 1;
    }
    // a pair of surrogates is a character of four bytes; a lone one is written as "?", one byte,
    // and counted as two: an upper bound is what limits need
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  private static boolean isInsidePair(String text, int at) {
    return at > 0
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }
}
