package dev.turnout.encoder.wordpiece;

/** How BERT's normaliser and pre-tokeniser class a code point. */
final class BertCharacters {
  /** Class of each ASCII character. */
  static final byte WORD = 0;

  static final byte SPACE = 1;
  static final byte PUNCTUATION = 2;
  static final byte DROPPED = 3;

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < 128; c++) {
      ASCII[c] =
          isDropped(c)
              ? DROPPED
              : isWhitespace(c) ? SPACE : Character.isLetterOrDigit(c) ? WORD : PUNCTUATION;
    }
  }

  private BertCharacters() {}

  static byte ofAscii(int character) {
    return ASCII[character];
  }

  /** Control, format, private and replacement characters vanish; tab and line ends are spaces. */
  static boolean isDropped(int codePoint) {
    if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
      return false;
    }
    if (codePoint == 0 || codePoint == 0xFFFD) {
      return true;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  /** Unicode's White_Space property. */
  static boolean isWhitespace(int codePoint) {
    return codePoint == ' '
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85
        || (codePoint >= 0xA0 && Character.isSpaceChar(codePoint));
  }

  static boolean isPunctuation(int codePoint) {
    if (codePoint < 128) {
      return ASCII[codePoint] == PUNCTUATION;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** Ideographs stand alone, as if blanks were around them; the blocks are those BERT lists. */
  static boolean isIdeograph(int codePoint) {
    return (codePoint >= 0x4E00 && codePoint <= 0x9FFF)
        || (codePoint >= 0x3400 && codePoint <= 0x4DBF)
        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
        || (codePoint >= 0x20000 && codePoint <= 0x2A6DF)
        || (codePoint >= 0x2A700 && codePoint <= 0x2B81F)
        || (codePoint >= 0x2B920 && codePoint <= 0x2CEAF)
        || (codePoint >= 0x2F800 && codePoint <= 0x2FA1F);
  }
}
