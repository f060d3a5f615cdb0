package dev.turnout.model;

import dev.turnout.encoder.surface.Trait;

/**
 * Success from a query's vector and its text: {@code success_t = sigmoid(slope_t * score_t + ease_t
 * * cos(z, easiness) + intercept_t + loading_t . y)}. The axes y say how difficult the text is:
 * every trait adds the weights of the edges that it passes, every word its own, and LLMs differ in
 * how much each axis means to them. It stands beside {@link Calibration}, which the same model uses
 * for queries whose text is not at hand, and for those that its guard flags. It never moves the
 * score, so that the ranking stays what it is.
 *
 * @param edges {@code [edges x 2]}: position of the {@link Trait} and the value that it must
 *     exceed; ascending by trait, then by value
 * @param traitAxes {@code [edges x axes]}: what passing an edge adds to y
 * @param words {@code [words x 2]}: token id, ascending, and its inverse document frequency, > 0
 * @param wordAxes {@code [words x axes]}: what a word adds to y; a text's words are scaled to
 *     length 1 by their inverse document frequencies
 * @param llms {@code [LLMs x (3 + axes)]}: slope, ease, intercept, loadings on the axes
 */
public record SuccessHead(
    Matrix edges, Matrix traitAxes, Matrix words, Matrix wordAxes, Matrix llms) {
  /** Column of the first loading in a row of {@link #llms}. */
  public static final int LOADINGS = 3;

  static final int LARGEST_WORD = 0xFFFF;

  public SuccessHead {
    int axes = traitAxes.columns();
    require(edges.columns() == 2 && words.columns() == 2, "edges and words need two columns");
    require(edges.rows() == traitAxes.rows(), "edges and their weights differ in number");
    require(words.rows() == wordAxes.rows(), "words and their weights differ in number");
    require(
        wordAxes.columns() == axes && llms.columns() == LOADINGS + axes,
        "traits, words and LLMs differ in their number of axes");
    for (Matrix matrix : new Matrix[] {edges, traitAxes, words, wordAxes, llms}) {
      require(matrix.isFinite(), "it holds NaN or infinite values");
    }
    for (int e = 0; e < edges.rows(); e++) {
      float trait = edges.at(e, 0);
      require(trait >= 0 && trait < Trait.COUNT && trait == (int) trait, "no trait " + trait);
      boolean ascending =
          e == 0
              || trait > edges.at(e - 1, 0)
              || (trait == edges.at(e - 1, 0) && edges.at(e, 1) > edges.at(e - 1, 1));
      require(ascending, "edges must ascend by trait, then by value");
    }
    for (int w = 0; w < words.rows(); w++) {
      float word = words.at(w, 0);
      require(
          word >= 0 && word <= LARGEST_WORD && word == (int) word, "no token has the id " + word);
      require(w == 0 || word > words.at(w - 1, 0), "words must ascend");
      require(words.at(w, 1) > 0, "inverse document frequencies must be > 0");
    }
  }

  /** Length of y. */
  public int axes() {
    return traitAxes.columns();
  }

  /** The same difficulty for other LLMs. */
  SuccessHead withLlms(Matrix rows) {
    return new SuccessHead(edges, traitAxes, words, wordAxes, rows);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("success head: " + message);
    }
  }
}
