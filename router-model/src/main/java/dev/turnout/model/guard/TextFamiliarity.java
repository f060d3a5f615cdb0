package dev.turnout.model.guard;

/**
 * What the texts of the training queries look like.
 *
 * @param language how often characters and words follow each other
 * @param mixture over the statistics of a text
 * @param scale of vector and text together
 */
public record TextFamiliarity(LanguageTables language, Mixture mixture, Strangeness scale) {
  /** Statistics of a text. */
  public static final int DIMENSIONS = LanguageStatistics.COUNT + TextTrace.SURFACE;

  /**
   * The spaces that are single statistics of a text.
   *
   * @param statistics {@code double[DIMENSIONS]}
   * @param spaces {@code double[Strangeness.SPACES]}
   */
  public static void single(double[] statistics, double[] spaces) {
    spaces[Strangeness.LETTERS] = statistics[LanguageStatistics.LETTERS];
    spaces[Strangeness.ORDER] = statistics[LanguageStatistics.ORDER];
    spaces[Strangeness.CLASS_ORDER] = statistics[LanguageStatistics.CLASS_ORDER];
  }
}
