package dev.turnout.encoder.surface;

/**
 * Counts characters of a text in one pass. Thread-confined.
 *
 * <p>An option is what follows a letter A to J or a digit at the beginning of a line, after blanks
 * or an opening bracket, and a closing bracket, full stop, colon or ideographic comma.
 */
final class CharacterCounts {
  private static final String MATHS = "+-*/=^<>%$√∑∫≤≥×÷±\\";
  private static final String CODE = "{}[]();_`|&#~@";
  private static final String PUNCTUATION = ".,;:!?。，；：！？、";
  private static final int LONG_WORD = 8;
  private static final byte[] ASCII = new byte[128];
  private static final byte IS_MATHS = 1;
  private static final byte IS_CODE = 2;
  private static final byte IS_PUNCTUATION = 4;

  static {
    mark(MATHS, IS_MATHS);
    mark(CODE, IS_CODE);
    mark(PUNCTUATION, IS_PUNCTUATION);
  }

  int stem;
  int words;
  int letters;
  int longWords;
  int digits;
  int numbers;
  int longestNumber;
  int maths;
  int code;
  int punctuation;
  int questionMarks;
  int lines = 1;
  int beyondAscii;
  int ideographs;
  int capitals;
  int quotes;
  int sentences;
  boolean blank;
  int options;
  int optionsWithDigits;
  int optionLengths;
  int longestOption;
  int shortestOption = Integer.MAX_VALUE;

  private int wordLength;
  private int numberLength;
  private int optionStart = -1;
  private int optionDigits;

  private static void mark(String characters, byte kind) {
    characters.chars().filter(c -> c < ASCII.length).forEach(c -> ASCII[c] |= kind);
  }

  /** Counts a text. */
  static CharacterCounts of(String text) {
    CharacterCounts counts = new CharacterCounts();
    counts.count(text);
    return counts;
  }

  private void count(String text) {
    int length = text.length();
    stem = -1;
    beginLine(text, 0);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean letter = c < 128 ? (c | 32) >= 'a' && (c | 32) <= 'z' : Character.isLetter(c);
      boolean digit = c < 128 ? c >= '0' && c <= '9' : Character.isDigit(c);
      if (letter) {
        wordLength++;
        capitals += c < 128 ? (c <= 'Z' ? 1 : 0) : Character.isUpperCase(c) ? 1 : 0;
      } else if (wordLength > 0) {
        endWord();
      }
      if (digit) {
        digits++;
        numberLength++;
      } else if (numberLength > 0) {
        endNumber();
      }
      if (c < 128) {
        byte kind = ASCII[c];
        maths += kind & IS_MATHS;
        code += (kind & IS_CODE) >> 1;
        punctuation += (kind & IS_PUNCTUATION) >> 2;
        ascii(text, i, c);
      } else {
        beyondAscii(c);
      }
    }
    endWord();
    endNumber();
    endOption(length);
    stem = stem < 0 ? length : stem;
  }

  private void ascii(String text, int i, char c) {
    switch (c) {
      case '\n' -> {
        lines++;
        endOption(i);
        beginLine(text, i + 1);
      }
      case '?' -> {
        questionMarks++;
        sentences++;
      }
      case '.', '!' ->
          sentences += i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1)) ? 1 : 0;
      case '"' -> quotes++;
      case '_' -> blank |= i > 0 && text.charAt(i - 1) == '_';
      default -> {}
    }
  }

  private void beyondAscii(char c) {
    beyondAscii++;
    if ((c >= 0x3040 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7B0)) {
      ideographs++;
    }
    questionMarks += c == '？' || c == '؟' ? 1 : 0;
    sentences += c == '？' || c == '؟' || c == '。' || c == '！' ? 1 : 0;
    quotes += c == '“' || c == '”' || c == '「' || c == '«' ? 1 : 0;
    maths += MATHS.indexOf(c) >= 0 ? 1 : 0;
    punctuation += PUNCTUATION.indexOf(c) >= 0 ? 1 : 0;
  }

  private void beginLine(String text, int from) {
    int i = from;
    while (i < text.length() && i < from + 4 && (text.charAt(i) == ' ' || text.charAt(i) == '(')) {
      i++;
    }
    if (i + 1 >= text.length()) {
      return;
    }
    char name = text.charAt(i);
    boolean named = (name >= 'A' && name <= 'J') || (name >= '1' && name <= '9');
    if (named && ".):、．：）".indexOf(text.charAt(i + 1)) >= 0) {
      stem = stem < 0 ? from : stem;
      optionStart = i + 2;
      optionDigits = digits + (name <= '9' ? 1 : 0);
    }
  }

  private void endWord() {
    if (wordLength > 0) {
      words++;
      letters += wordLength;
      longWords += wordLength > LONG_WORD ? 1 : 0;
      wordLength = 0;
    }
  }

  private void endNumber() {
    if (numberLength > 0) {
      numbers++;
      longestNumber = Math.max(longestNumber, numberLength);
      numberLength = 0;
    }
  }

  private void endOption(int end) {
    if (optionStart < 0) {
      return;
    }
    int length = Math.max(0, end - optionStart);
    options++;
    optionLengths += length;
    longestOption = Math.max(longestOption, length);
    shortestOption = Math.min(shortestOption, length);
    optionsWithDigits += digits > optionDigits ? 1 : 0;
    optionStart = -1;
  }
}
