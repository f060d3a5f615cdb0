package dev.turnout.lab.eval;

import java.util.List;

/**
 * Texts and their vectors.
 *
 * @param texts the texts
 * @param vectors {@code float[texts][encoder dimension]}
 */
public record EncodedTexts(List<String> texts, float[][] vectors) {
  public EncodedTexts {
    texts = List.copyOf(texts);
  }

  /** None. */
  public static EncodedTexts none() {
    return new EncodedTexts(List.of(), new float[0][]);
  }
}
