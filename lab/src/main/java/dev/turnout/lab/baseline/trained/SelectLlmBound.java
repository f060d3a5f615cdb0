package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;

/**
 * SelectLLM's upper bound: the best LLM in hindsight among those that the multi-label classifier
 * predicts to succeed (probability of at least a half, or the most probable one if none is).
 */
public final class SelectLlmBound implements Baseline {
  private static final double SUCCEEDS = 0.5;

  private final SuccessClassifier classifier;

  /**
   * The bound.
   *
   * @param classifier the multi-label one
   */
  public SelectLlmBound(SuccessClassifier classifier) {
    this.classifier = classifier;
  }

  @Override
  public String name() {
    return "multilabel_upper_bound";
  }

  @Override
  public String description() {
    return "the best of the predicted LLMs in hindsight (SelectLLM's bound)";
  }

  @Override
  public boolean hindsight() {
    return true;
  }

  @Override
  public boolean seeded() {
    return true;
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    FittedBaseline fitted = classifier.fit(train, seed);
    return queries -> {
      double[][] success = fitted.scores(queries);
      double[][] scores = new double[success.length][];
      for (int i = 0; i < scores.length; i++) {
        int likeliest = Rewards.best(success[i]);
        double[] rewards = queries.queries().get(i).rewards();
        scores[i] = new double[rewards.length];
        for (int t = 0; t < rewards.length; t++) {
          boolean predicted = success[i][t] >= SUCCEEDS || t == likeliest;
          scores[i][t] = predicted ? rewards[t] : -1;
        }
      }
      return scores;
    };
  }
}
