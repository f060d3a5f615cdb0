package dev.turnout.lab.baseline.trained;

import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.lab.baseline.Baseline;
import java.util.function.UnaryOperator;

/**
 * Learns which LLM suits a query by the cross-entropy to shares that a query's rewards give its
 * LLMs.
 */
public final class BestLlmClassifier {
  private static final double SHARPNESS = 5;

  /** By cosine to one vector an LLM; several equally good LLMs share the label. */
  public static final Baseline COSINE =
      classifier(
          "cosine_classifier",
          "cosine classifier of the best LLM, cross-entropy",
          HeadTrainer.Output.COSINE,
          BestLlmClassifier::winners);

  /** ZOOTER (Lu et al. 2024): Kullback-Leibler divergence to the softmax of the LLMs' scores. */
  public static final Baseline ZOOTER =
      classifier(
          "zooter",
          "distils the softmax of the scores (ZOOTER)",
          HeadTrainer.Output.LINEAR,
          BestLlmClassifier::softenedScores);

  private BestLlmClassifier() {}

  private static Baseline classifier(
      String name, String description, HeadTrainer.Output output, UnaryOperator<float[]> shares) {
    return new Baseline(
        name,
        description,
        (train, seed) -> {
          Head head = HeadTrainer.train(train, 0, output, HeadLoss.CROSS_ENTROPY, shares, seed);
          return queries -> head.logits(queries.embeddings());
        },
        SEEDED);
  }

  private static float[] winners(float[] rewards) {
    float highest = Float.NEGATIVE_INFINITY;
    int winners = 0;
    for (float reward : rewards) {
      if (reward > highest) {
        highest = reward;
        winners = 0;
      }
      winners += reward == highest ? 1 : 0;
    }
    float[] shares = new float[rewards.length];
    for (int t = 0; t < shares.length; t++) {
      shares[t] = rewards[t] == highest ? 1f / winners : 0;
    }
    return shares;
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
