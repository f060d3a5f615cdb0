package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.math.Logistic;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts for each LLM whether it succeeds: binary cross-entropy, ungraded LLMs masked. Several
 * policies select by one classifier, which therefore remembers its fits to the queries it saw last.
 */
public final class SuccessClassifier {
  private final String name;
  private final String description;
  private final int units;
  private final Map<Long, FittedBaseline> bySeed = new HashMap<>();
  private @Nullable EncodedQueries fittedTo;

  private SuccessClassifier(String name, String description, int units) {
    this.name = name;
    this.description = description;
    this.units = units;
  }

  /** One network with a common tanh layer of 64 units and one output an LLM. */
  public static SuccessClassifier multiLabel() {
    return new SuccessClassifier("multilabel", "multi-label classifier", 64);
  }

  /** One logistic regression an LLM, sharing nothing. */
  public static SuccessClassifier separate() {
    return new SuccessClassifier("separate", "separate classifiers", 0);
  }

  /** In one word. */
  String name() {
    return name;
  }

  /** In a few words. */
  String description() {
    return description;
  }

  /** Fits and returns scores that are predicted probabilities of success. */
  @SuppressWarnings("ReferenceEquality") // comparing all vectors would take long for nothing
  synchronized FittedBaseline fit(EncodedQueries train, long seed) {
    if (fittedTo != train) {
      bySeed.clear();
      fittedTo = train;
    }
    return bySeed.computeIfAbsent(seed, s -> fitted(train, s));
  }

  private FittedBaseline fitted(EncodedQueries train, long seed) {
    Head head =
        HeadTrainer.train(
            train,
            units,
            HeadTrainer.Output.LINEAR,
            HeadLoss.BINARY_CROSS_ENTROPY,
            rewards -> rewards,
            seed);
    double[] base = Rewards.taskMeans(train);
    return queries -> {
      double[][] logits = head.logits(queries.embeddings());
      for (double[] row : logits) {
        for (int t = 0; t < row.length; t++) {
          row[t] = Double.isNaN(base[t]) ? 0 : Logistic.sigmoid(row[t]);
        }
      }
      return logits;
    };
  }
}
