package dev.turnout.train.cost;

/**
 * What one answer took.
 *
 * @param cells the query's cells as {@link dev.turnout.model.Scores#cells} gives them
 * @param llm position of the LLM
 * @param amount what it took, in the unit that is learnt; one below 0 or beyond {@value #LARGEST}
 *     is left out
 * @param characters length of the query's text; NaN when unknown
 * @param weight what it counts, > 0
 */
record MeasuredAnswer(int[] cells, int llm, double amount, double characters, double weight) {
  private static final double LARGEST = 1e12;

  boolean isKnown() {
    return amount >= 0 && amount <= LARGEST && weight > 0;
  }

  /** The cell in one of the banks; 0 for a model without cells. */
  int cell(int bank) {
    return cells.length == 0 ? 0 : cells[bank];
  }

  MeasuredAnswer withAmount(double other) {
    return new MeasuredAnswer(cells, llm, other, characters, weight);
  }
}
