package dev.turnout.train.cost;

import java.util.List;

/**
 * What the cells of one bank add to the means of the LLMs. An LLM's deviation in a cell is the mean
 * of its answers there, shrunk to that of all LLMs together, each in parts of its own mean: few
 * answers are enough to tell that code takes long, and many tell of whom it takes less. How many
 * are many is chosen by leaving out one answer after the other.
 */
final class BankDeviations {
  /** Answers that what is known of others counts as; with the largest, a bank adds nothing. */
  private static final double[] SHRINKAGES = {1, 2, 5, 10, 20, 50, 200, 1e3, 1e9};

  private final double[] means;
  private final double[][] weight;
  private final double[][] sum;

  /**
   * @param cells number of cells, of all banks
   * @param means mean amount of each LLM
   */
  BankDeviations(int cells, double[] means) {
    this.means = means;
    this.weight = new double[cells][means.length];
    this.sum = new double[cells][means.length];
  }

  /**
   * Learns the deviations.
   *
   * @param left what is left of the amount of each answer
   * @param bank whose cells count
   * @return {@code double[cells][llms]}; 0 in the cells of other banks
   */
  double[][] fit(List<MeasuredAnswer> answers, double[] left, int bank) {
    for (int i = 0; i < left.length; i++) {
      MeasuredAnswer answer = answers.get(i);
      weight[answer.cell(bank)][answer.llm()] += answer.weight();
      sum[answer.cell(bank)][answer.llm()] += answer.weight() * left[i];
    }
    double least = Double.POSITIVE_INFINITY;
    double best = 0;
    for (double shrinkage : SHRINKAGES) {
      double loss = leftOut(answers, left, bank, shrinkage);
      if (loss < least) {
        least = loss;
        best = shrinkage;
      }
    }
    double[][] prior = prior(best);
    double[][] deviations = new double[prior.length][means.length];
    for (int c = 0; c < prior.length; c++) {
      for (int t = 0; t < means.length; t++) {
        deviations[c][t] = (sum[c][t] + best * prior[c][t]) / (weight[c][t] + best);
      }
    }
    return deviations;
  }

  /** What a cell adds to each LLM by what it adds to all of them, in parts of their means. */
  private double[][] prior(double shrinkage) {
    double[][] prior = new double[weight.length][means.length];
    for (int c = 0; c < prior.length; c++) {
      double answers = shrinkage;
      double parts = 0;
      for (int t = 0; t < means.length; t++) {
        if (means[t] > 0) {
          answers += weight[c][t];
          parts += sum[c][t] / means[t];
        }
      }
      for (int t = 0; t < means.length; t++) {
        prior[c][t] = means[t] * parts / answers;
      }
    }
    return prior;
  }

  /** Squared error in parts of the means, for answers that are left out of their own cell. */
  private double leftOut(List<MeasuredAnswer> answers, double[] left, int bank, double shrinkage) {
    double[][] prior = prior(shrinkage);
    double loss = 0;
    for (int i = 0; i < left.length; i++) {
      MeasuredAnswer answer = answers.get(i);
      int t = answer.llm();
      int c = answer.cell(bank);
      if (means[t] > 0) {
        double others = sum[c][t] - answer.weight() * left[i];
        double expected =
            (others + shrinkage * prior[c][t]) / (weight[c][t] - answer.weight() + shrinkage);
        double error = (left[i] - expected) / means[t];
        loss += answer.weight() * error * error;
      }
    }
    return loss;
  }
}
