package dev.turnout.train.cost;

import java.util.List;

/**
 * What one more character of text adds to the amounts of one LLM: a regression within cells, since
 * some cells have both longer texts and longer answers. A cell counts the less the more its amounts
 * vary, and the slope is shrunk to 0 by as much as it is uncertain.
 *
 * @param slope >= 0
 * @param usual mean length of the texts in characters; 0 when none is known
 */
record LengthSlope(double slope, double usual) {
  private static final int ROUNDS = 3;

  /** Answers that a cell's variance is shrunk to that of all cells by. */
  private static final double PRIOR = 4;

  /** Least standard deviation in a cell, as a share of the mean amount. */
  private static final double LEAST_DEVIATION = 1e-3;

  /**
   * Fits the slope.
   *
   * @param answers of one LLM
   * @param cells number of cells, of all banks
   */
  static LengthSlope of(List<MeasuredAnswer> answers, int cells) {
    List<MeasuredAnswer> known =
        answers.stream().filter(answer -> Double.isFinite(answer.characters())).toList();
    double weight = 0;
    double lengths = 0;
    double amounts = 0;
    for (MeasuredAnswer answer : known) {
      weight += answer.weight();
      lengths += answer.weight() * answer.characters();
      amounts += answer.weight() * answer.amount();
    }
    if (!(amounts > 0)) {
      return new LengthSlope(0, weight > 0 ? lengths / weight : 0);
    }
    Within within = Within.of(known, cells);
    double least = LEAST_DEVIATION * amounts / weight;
    double slope = 0;
    double information = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] variance = within.variances(slope, least * least);
      double product = 0;
      information = 0;
      for (int c = 0; c < cells; c++) {
        product += within.lengthByAmount()[c] / variance[c];
        information += within.lengthByLength()[c] / variance[c];
      }
      slope = information > 0 ? product / information : 0;
    }
    double certain = slope > 0 ? 1 - 1 / (information * slope * slope) : 0;
    return new LengthSlope(Math.max(0, certain) * slope, lengths / weight);
  }

  /** An amount as if the text had the usual length. */
  double levelled(MeasuredAnswer answer) {
    return Double.isFinite(answer.characters())
        ? answer.amount() - slope * (answer.characters() - usual)
        : answer.amount();
  }

  /** Sums of squares and products around the means of the first bank's cells. */
  private record Within(
      double[] weight, double[] lengthByLength, double[] lengthByAmount, double[] amountByAmount) {

    static Within of(List<MeasuredAnswer> answers, int cells) {
      double[] weight = new double[cells];
      double[] length = new double[cells];
      double[] amount = new double[cells];
      for (MeasuredAnswer answer : answers) {
        int c = answer.cell(0);
        weight[c] += answer.weight();
        length[c] += answer.weight() * answer.characters();
        amount[c] += answer.weight() * answer.amount();
      }
      Within within = new Within(weight, new double[cells], new double[cells], new double[cells]);
      for (MeasuredAnswer answer : answers) {
        int c = answer.cell(0);
        double x = answer.characters() - length[c] / weight[c];
        double y = answer.amount() - amount[c] / weight[c];
        within.lengthByLength[c] += answer.weight() * x * x;
        within.lengthByAmount[c] += answer.weight() * x * y;
        within.amountByAmount[c] += answer.weight() * y * y;
      }
      return within;
    }

    /** Variance of an amount in each cell around a line, at least so much. */
    double[] variances(double slope, double least) {
      double[] squares = new double[weight.length];
      double all = 0;
      double freedom = 0;
      for (int c = 0; c < squares.length; c++) {
        squares[c] =
            amountByAmount[c] - 2 * slope * lengthByAmount[c] + slope * slope * lengthByLength[c];
        all += squares[c];
        freedom += Math.max(0, weight[c] - 1);
      }
      double common = freedom > 0 ? all / freedom : least;
      double[] variance = new double[weight.length];
      for (int c = 0; c < variance.length; c++) {
        double own = Math.max(0, weight[c] - 1);
        variance[c] = Math.max(least, (squares[c] + PRIOR * common) / (own + PRIOR));
      }
      return variance;
    }
  }
}
