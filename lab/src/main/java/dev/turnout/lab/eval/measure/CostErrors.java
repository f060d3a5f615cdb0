package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import java.util.List;

/**
 * How far expected costs are off: the sum over the queries of the absolute differences by the sum
 * of the recorded costs, the mean over LLMs.
 *
 * @param ofMeans where every answer of an LLM is expected to cost its mean on the training queries
 * @param learnt where costs are expected as the model has learnt; NaN where nothing is recorded
 */
public record CostErrors(double ofMeans, double learnt) {
  /** Nothing is recorded. */
  public static final CostErrors NONE = new CostErrors(Double.NaN, Double.NaN);

  /**
   * The errors on queries that nothing was learnt from; those without a recorded cost do not count.
   *
   * @param means {@code double[queries][llms]}
   * @param learnt likewise
   */
  public static CostErrors of(EncodedQueries queries, double[][] means, double[][] learnt) {
    return new CostErrors(error(queries, means), error(queries, learnt));
  }

  /** The mean over seeds; {@link #NONE} without any. */
  public static CostErrors mean(List<CostErrors> seeds) {
    return seeds.isEmpty()
        ? NONE
        : new CostErrors(
            seeds.stream().mapToDouble(CostErrors::ofMeans).average().orElse(Double.NaN),
            seeds.stream().mapToDouble(CostErrors::learnt).average().orElse(Double.NaN));
  }

  private static double error(EncodedQueries queries, double[][] expected) {
    double errors = 0;
    int llms = 0;
    for (int t = 0; t < queries.llms().size(); t++) {
      double off = 0;
      double cost = 0;
      for (int i = 0; i < expected.length; i++) {
        double recorded = queries.queries().get(i).costsUsd()[t];
        if (!Double.isNaN(recorded)) {
          off += Math.abs(expected[i][t] - recorded);
          cost += recorded;
        }
      }
      if (cost > 0) {
        errors += off / cost;
        llms++;
      }
    }
    return llms == 0 ? Double.NaN : errors / llms;
  }
}
