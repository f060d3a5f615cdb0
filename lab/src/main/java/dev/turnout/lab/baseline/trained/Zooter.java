package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;

/** ZOOTER (Lu et al. 2024): Kullback-Leibler divergence to the softmax of the LLMs' scores. */
public final class Zooter implements Baseline {
  private static final double SHARPNESS = 5;

  @Override
  public String name() {
    return "zooter";
  }

  @Override
  public String description() {
    return "distils the softmax of the scores (ZOOTER)";
  }

  @Override
  public boolean seeded() {
    return true;
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    Head head =
        HeadTrainer.train(
            train,
            0,
            HeadTrainer.Output.LINEAR,
            HeadLoss.CROSS_ENTROPY,
            Zooter::softenedScores,
            seed);
    return queries -> head.logits(queries.embeddings());
  }

  /** The cross-entropy to these shares differs from the divergence by what no weight changes. */
  private static float[] softenedScores(float[] rewards) {
    float highest = Float.NEGATIVE_INFINITY;
    for (float reward : rewards) {
      highest = Float.isNaN(reward) ? highest : Math.max(highest, reward);
    }
    float[] shares = new float[rewards.length];
    double sum = 0;
    for (int t = 0; t < shares.length; t++) {
      shares[t] =
          Float.isNaN(rewards[t]) ? 0 : (float) Math.exp(SHARPNESS * (rewards[t] - highest));
      sum += shares[t];
    }
    for (int t = 0; t < shares.length; t++) {
      shares[t] /= (float) sum;
    }
    return shares;
  }
}
