package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;

/**
 * Classifies a query as belonging to its best LLM by cosine to one vector an LLM, cross-entropy;
 * several equally good LLMs share the label.
 */
public final class CosineClassifier implements Baseline {
  @Override
  public String name() {
    return "cosine_classifier";
  }

  @Override
  public String description() {
    return "cosine classifier of the best LLM, cross-entropy";
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
            HeadTrainer.Output.COSINE,
            HeadLoss.CROSS_ENTROPY,
            CosineClassifier::winners,
            seed);
    return queries -> head.logits(queries.embeddings());
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
}
