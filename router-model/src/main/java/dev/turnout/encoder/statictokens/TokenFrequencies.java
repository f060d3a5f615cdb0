package dev.turnout.encoder.statictokens;

import dev.turnout.encoder.wordpiece.WordPieceVocabulary;
import java.util.Arrays;
import java.util.Map;

/**
 * Relative frequencies of tokens, estimated from the vocabulary alone. WordPiece lists the words
 * and pieces it merged in the order of their frequency, so Zipf's law turns their rank into a
 * frequency; single characters come in blocks ordered by code point and get one constant a block.
 * The estimate needs no corpus, so it is the same on every machine, and routes no worse than counts
 * over the training queries (measured by cross-validation on RouterDC's training files).
 */
final class TokenFrequencies {
  private static final double COMMA_OR_FULL_STOP = 0.05;
  private static final double ASCII_CHARACTER = 0.005;
  private static final double ASCII_CONTINUATION = 0.0005;
  private static final double OTHER_CHARACTER = 0.0001;

  /** Mandelbrot's shift, which flattens the first ranks. */
  private static final double SHIFT = 2.7;

  private TokenFrequencies() {}

  /** Frequency of each token id, {@code double[vocabulary size]}. */
  static double[] estimate(WordPieceVocabulary vocabulary) {
    int size =
        vocabulary.tokens().values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    int[] merged =
        vocabulary.tokens().entrySet().stream()
            .filter(token -> isMerged(token.getKey(), vocabulary))
            .mapToInt(Map.Entry::getValue)
            .sorted()
            .toArray();
    double[] frequencies = new double[size];
    Arrays.fill(frequencies, OTHER_CHARACTER);
    vocabulary.tokens().forEach((token, id) -> frequencies[id] = ofCharacter(token, vocabulary));
    double total = 0;
    for (int rank = 0; rank < merged.length; rank++) {
      total += 1 / (rank + SHIFT);
    }
    for (int rank = 0; rank < merged.length; rank++) {
      frequencies[merged[rank]] = 1 / (rank + SHIFT) / total;
    }
    return frequencies;
  }

  private static boolean isMerged(String token, WordPieceVocabulary vocabulary) {
    String core = core(token, vocabulary);
    return core.codePointCount(0, core.length()) > 1 && !token.startsWith("[");
  }

  private static double ofCharacter(String token, WordPieceVocabulary vocabulary) {
    if (token.equals(",") || token.equals(".")) {
      return COMMA_OR_FULL_STOP;
    }
    String core = core(token, vocabulary);
    if (core.length() != 1 || core.charAt(0) >= 128) {
      return OTHER_CHARACTER;
    }
    return core.length() == token.length() ? ASCII_CHARACTER : ASCII_CONTINUATION;
  }

  private static String core(String token, WordPieceVocabulary vocabulary) {
    String prefix = vocabulary.continuationPrefix();
    return token.length() > prefix.length() && token.startsWith(prefix)
        ? token.substring(prefix.length())
        : token;
  }
}
