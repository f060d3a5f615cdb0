package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;
import java.util.Arrays;
import java.util.stream.Stream;

/** Baselines that treat every query alike. */
public final class ConstantChoice {

  /** Sends everything to the LLM that is best on the training queries, averaged over tasks. */
  public static final Baseline BEST_SINGLE =
      new Baseline(
          "best_single",
          "the one LLM that is best on the training queries",
          (train, seed) -> {
            double[] means = Rewards.taskMeans(train);
            return queries -> rows(queries, means);
          });

  /** Every LLM with equal probability, in expectation. */
  public static final Baseline RANDOM =
      new Baseline("random", "every LLM with equal probability", (train, seed) -> random(train));

  private ConstantChoice() {}

  /**
   * Sends everything to one LLM.
   *
   * @param llm LLM id, must be among the data's
   */
  public static Baseline of(String llm) {
    return new Baseline(
        llm,
        "everything to " + llm,
        (train, seed) -> {
          double[] scores = new double[train.llms().size()];
          scores[train.llms().indexOf(llm)] = 1;
          return queries -> rows(queries, scores);
        });
  }

  private static FittedBaseline random(EncodedQueries train) {
    double[] means = Rewards.taskMeans(train);
    double[] uniform = new double[means.length];
    Arrays.fill(uniform, 1.0 / uniform.length);
    return new FittedBaseline() {
      @Override
      public double[][] scores(EncodedQueries queries) {
        return rows(queries, means);
      }

      @Override
      public double[][] propensities(EncodedQueries queries) {
        return rows(queries, uniform);
      }
    };
  }

  private static double[][] rows(EncodedQueries queries, double[] row) {
    return Stream.generate(row::clone).limit(queries.size()).toArray(double[][]::new);
  }
}
