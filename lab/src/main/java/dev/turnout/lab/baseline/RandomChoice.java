package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;
import java.util.Arrays;

/** Every LLM with equal probability, in expectation. */
public final class RandomChoice implements Baseline {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public String description() {
    return "every LLM with equal probability";
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    double[] means = Rewards.taskMeans(train);
    double[] uniform = new double[means.length];
    Arrays.fill(uniform, 1.0 / uniform.length);
    return new FittedBaseline() {
      @Override
      public double[][] scores(EncodedQueries queries) {
        return Constant.rows(queries.size(), means);
      }

      @Override
      public double[][] propensities(EncodedQueries queries) {
        return Constant.rows(queries.size(), uniform);
      }
    };
  }
}
