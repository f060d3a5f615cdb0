package dev.turnout.baseline;

import dev.turnout.data.EncodedQueries;

/** Predicts for each LLM whether it succeeds: binary cross-entropy, ungraded LLMs masked. */
enum SuccessClassifier {
  /** One network with a common tanh layer of 64 units and one output an LLM. */
  MULTI_LABEL(64),
  /** One logistic regression an LLM, sharing nothing. */
  SEPARATE(0);

  private final int units;

  SuccessClassifier(int units) {
    this.units = units;
  }

  /** Fits and returns scores that are predicted probabilities of success. */
  FittedBaseline fit(EncodedQueries train, long seed) {
    Head head =
        HeadTrainer.train(
            train, units, HeadTrainer.Output.LINEAR, SuccessClassifier::gradient, seed);
    double[] base = Rewards.taskMeans(train);
    return queries -> {
      double[][] logits = head.logits(queries.embeddings());
      for (double[] row : logits) {
        for (int t = 0; t < row.length; t++) {
          row[t] = Double.isNaN(base[t]) ? 0 : Head.sigmoid(row[t]);
        }
      }
      return logits;
    };
  }

  private static void gradient(double[] outputs, float[] rewards, double[] gradient) {
    for (int t = 0; t < gradient.length; t++) {
      gradient[t] = Float.isNaN(rewards[t]) ? 0 : Head.sigmoid(outputs[t]) - rewards[t];
    }
  }
}
