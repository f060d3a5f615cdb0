package dev.turnout.baseline;

import dev.turnout.data.EncodedQueries;

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
    Head head = HeadTrainer.train(train, 0, HeadTrainer.Output.LINEAR, Zooter::gradient, seed);
    return queries -> head.logits(queries.embeddings());
  }

  private static void gradient(double[] outputs, float[] rewards, double[] gradient) {
    double[] sharpened = new double[rewards.length];
    for (int t = 0; t < sharpened.length; t++) {
      sharpened[t] = SHARPNESS * rewards[t];
    }
    double[] wanted = MaskedSoftmax.of(sharpened, rewards);
    double[] shares = MaskedSoftmax.of(outputs, rewards);
    for (int t = 0; t < gradient.length; t++) {
      gradient[t] = shares[t] - wanted[t];
    }
  }
}
