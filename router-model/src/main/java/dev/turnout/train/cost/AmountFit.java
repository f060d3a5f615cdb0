package dev.turnout.train.cost;

import dev.turnout.math.Outliers;
import dev.turnout.model.Matrix;
import dev.turnout.model.cost.CellAmounts;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns what answers take from single answers. What holds at all times: an LLM without answers is
 * unknown; of a cell without answers of an LLM, those of the others tell; and the more answers an
 * LLM has in a cell, the more they alone decide. Each bank of cells learns what those before it
 * leave, so that a bank of coarse cells does not blur what fine ones tell.
 *
 * <p>Amounts are means, since costs add up, but of values without their outliers. Equal answers in
 * equal order give equal results.
 */
final class AmountFit {
  /** Answers by which an LLM is shrunk to the mean of all. */
  private static final double LLM_SHRINKAGE = 5;

  private final int cells;
  private final int llms;

  /** What is known of an LLM over all cells. */
  private record OfLlm(double answers, LengthSlope slope, double mean) {}

  /**
   * @param cells number of cells, of all banks
   * @param llms number of LLMs
   */
  AmountFit(int cells, int llms) {
    this.cells = cells;
    this.llms = llms;
  }

  /**
   * Learns amounts that LLMs take alike, such as tokens: one with few answers is thought to be like
   * the others.
   */
  CellAmounts alike(List<MeasuredAnswer> answers) {
    return fit(answers, false, LLM_SHRINKAGE);
  }

  /** Learns amounts that grow with the text, by a price of each LLM's own. */
  CellAmounts priced(List<MeasuredAnswer> answers) {
    return fit(answers, true, 0);
  }

  private CellAmounts fit(List<MeasuredAnswer> answers, boolean byLength, double shrinkage) {
    List<List<MeasuredAnswer>> byLlm = new ArrayList<>();
    for (int t = 0; t < llms; t++) {
      byLlm.add(new ArrayList<>());
    }
    answers.stream().filter(MeasuredAnswer::isKnown).forEach(a -> byLlm.get(a.llm()).add(a));
    LengthSlope[] slopes = new LengthSlope[llms];
    List<MeasuredAnswer> levelled = new ArrayList<>();
    double[] weight = new double[llms];
    double[] sum = new double[llms];
    for (int t = 0; t < llms; t++) {
      List<MeasuredAnswer> own = byLlm.get(t);
      slopes[t] = byLength ? LengthSlope.of(trimmed(own), cells) : new LengthSlope(0, 0);
      LengthSlope slope = slopes[t];
      for (MeasuredAnswer each :
          trimmed(own.stream().map(a -> a.withAmount(slope.levelled(a))).toList())) {
        levelled.add(each);
        weight[t] += each.weight();
        sum[t] += each.weight() * each.amount();
      }
    }
    double common = common(weight, sum);
    OfLlm[] known = new OfLlm[llms];
    for (int t = 0; t < llms; t++) {
      double mean = weight[t] == 0 ? 0 : (sum[t] + shrinkage * common) / (weight[t] + shrinkage);
      known[t] = new OfLlm(weight[t], slopes[t], Math.max(0, mean));
    }
    return amounts(levelled, known);
  }

  private static List<MeasuredAnswer> trimmed(List<MeasuredAnswer> answers) {
    double limit = Outliers.limit(answers.stream().mapToDouble(MeasuredAnswer::amount).toArray());
    return answers.stream().map(a -> a.amount() > limit ? a.withAmount(limit) : a).toList();
  }

  /** Mean over the LLMs of their means. */
  private static double common(double[] weight, double[] sum) {
    double means = 0;
    int known = 0;
    for (int t = 0; t < weight.length; t++) {
      if (weight[t] > 0) {
        means += sum[t] / weight[t];
        known++;
      }
    }
    return known == 0 ? 0 : means / known;
  }

  private CellAmounts amounts(List<MeasuredAnswer> answers, OfLlm[] known) {
    double[] left = new double[answers.size()];
    double[] means = new double[llms];
    float[][] columns = new float[llms][];
    for (int t = 0; t < llms; t++) {
      means[t] = known[t].mean();
      LengthSlope slope = known[t].slope();
      columns[t] =
          new float[] {
            (float) known[t].answers(),
            (float) means[t],
            (float) slope.slope(),
            (float) slope.usual()
          };
    }
    int banks = 0;
    for (int i = 0; i < left.length; i++) {
      left[i] = answers.get(i).amount() - means[answers.get(i).llm()];
      banks = Math.max(banks, answers.get(i).cells().length);
    }
    float[][] rows = new float[cells][llms];
    for (int b = 0; b < banks; b++) {
      double[][] added = new BankDeviations(cells, means).fit(answers, left, b);
      for (int i = 0; i < left.length; i++) {
        left[i] -= added[answers.get(i).cell(b)][answers.get(i).llm()];
      }
      for (int c = 0; c < cells; c++) {
        for (int t = 0; t < llms; t++) {
          rows[c][t] += known[t].answers() > 0 ? (float) added[c][t] : 0;
        }
      }
    }
    return new CellAmounts(Matrix.of(rows), Matrix.of(columns));
  }
}
