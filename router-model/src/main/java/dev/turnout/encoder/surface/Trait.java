package dev.turnout.encoder.surface;

/**
 * The traits of a text, in the order in which {@link QuerySurface} holds them. Models know them by
 * position: a new one goes to the end, none is ever removed or given another meaning.
 */
public enum Trait {
  /** Logarithm of the characters. */
  LENGTH,
  /** Logarithm of the tokens. */
  TOKENS,
  /** Logarithm of the characters before the first option. */
  STEM_LENGTH,
  /** Letters a word. */
  WORD_LENGTH,
  /** Share of digits. */
  DIGITS,
  /** Logarithm of the numbers. */
  NUMBERS,
  /** Digits of the longest number. */
  LONGEST_NUMBER,
  /** Logarithm of the number words. */
  NUMBER_WORDS,
  /** Logarithm of the mathematical symbols. */
  MATHS,
  /** Logarithm of brackets and other marks of code. */
  CODE,
  /** Share of punctuation. */
  PUNCTUATION,
  /** Question marks of any script. */
  QUESTION_MARKS,
  /** Logarithm of the lines. */
  LINES,
  /** Share of characters beyond ASCII. */
  BEYOND_ASCII,
  /** Share of ideographs, kana and hangul. */
  IDEOGRAPHS,
  /** Share of capitals. */
  CAPITALS,
  /** Options to choose from. */
  OPTIONS,
  /** Logarithm of the options' mean length. */
  OPTION_LENGTH,
  /** Logarithm of the difference between the longest and the shortest option. */
  OPTION_RANGE,
  /** Logarithm of the longest option's length. */
  LONGEST_OPTION,
  /** Share of the options with a digit. */
  OPTION_DIGITS,
  /** Whether there is a blank to fill in. */
  BLANK,
  /** Distinct tokens, by all tokens. */
  VARIETY,
  /** Share of words with more than eight letters. */
  LONG_WORDS,
  /** Words that negate. */
  NEGATIONS,
  /** Words that tell to calculate, prove or write. */
  COMMANDS,
  /** Logarithm of the quotation marks. */
  QUOTES,
  /** Logarithm of the sentences. */
  SENTENCES,
  /** Mean logarithm of the tokens' rank by frequency. */
  RANK,
  /** Share of rare tokens. */
  RARE,
  /** Tokens a word. */
  PIECES,
  /** Whether the text asks for what; the other question words likewise. */
  WHAT,
  WHICH,
  WHO,
  WHEN,
  WHERE,
  WHY,
  HOW;

  /** How many there are. */
  public static final int COUNT = values().length;

  /** Where {@link QuerySurface#traits} holds it. */
  @SuppressWarnings("EnumOrdinal") // models know traits by their place
  public int place() {
    return ordinal();
  }
}
