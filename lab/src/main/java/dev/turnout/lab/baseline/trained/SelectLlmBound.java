package dev.turnout.lab.baseline.trained;

import static dev.turnout.lab.baseline.Baseline.Trait.HINDSIGHT;
import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;

/**
 * SelectLLM's upper bound: the best LLM in hindsight among those that the multi-label classifier
 * predicts to succeed (probability of at least a half, or the most probable one if none is).
 */
public final class SelectLlmBound {
  private static final double SUCCEEDS = 0.5;

  private SelectLlmBound() {}

  /**
   * The bound.
   *
   * @param classifier the multi-label one
   */
  public static Baseline of(SuccessClassifier classifier) {
    return new Baseline(
        "multilabel_upper_bound",
        "the best of the predicted LLMs in hindsight (SelectLLM's bound)",
        (train, seed) -> fit(classifier, train, seed),
        HINDSIGHT,
        SEEDED);
  }

  private static FittedBaseline fit(SuccessClassifier classifier, EncodedQueries train, long seed) {
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
