package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/** Sends everything to the LLM that is best on the training queries, averaged over tasks. */
public final class BestSingle implements Baseline {
  @Override
  public String name() {
    return "best_single";
  }

  @Override
  public String description() {
    return "the one LLM that is best on the training queries";
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    double[] means = Rewards.taskMeans(train);
    return queries -> Constant.rows(queries.size(), means);
  }
}
