package dev.turnout.train;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Queries of four topics around four directions; each topic has an LLM that is good at it, one LLM
 * is middling everywhere, and grades are coin tosses of the true success.
 */
public final class SyntheticOutcomes {
  public static final List<String> LLMS = List.of("maths", "code", "chat", "law", "all-round");
  private static final int DIMENSION = 24;
  private static final double EXPERT = 0.9;
  private static final double MIDDLING = 0.55;
  private static final double OTHERS = 0.3;

  private SyntheticOutcomes() {}

  /** A training set; the group of a query is its topic. */
  public static TrainingSet of(int queries, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] embeddings = new float[queries][];
    float[][] rewards = new float[queries][LLMS.size()];
    int[] topic = new int[queries];
    for (int i = 0; i < queries; i++) {
      topic[i] = random.nextInt(4);
      embeddings[i] = near(topic[i], random);
      for (int t = 0; t < LLMS.size(); t++) {
        rewards[i][t] = random.nextDouble() < success(topic[i], t) ? 1 : 0;
      }
    }
    return TrainingSet.of(LLMS, embeddings, rewards, topic);
  }

  /** True success of an LLM on a topic. */
  public static double success(int topic, int llm) {
    return llm == topic ? EXPERT : llm == 4 ? MIDDLING : OTHERS;
  }

  private static float[] near(int topic, SplittableRandom random) {
    float[] vector = new float[DIMENSION];
    double squares = 0;
    for (int j = 0; j < DIMENSION; j++) {
      double common = j == DIMENSION - 1 ? 0.5 : 0;
      vector[j] = (float) (common + (j == topic ? 1 : 0) + 0.12 * random.nextGaussian());
      squares += (double) vector[j] * vector[j];
    }
    for (int j = 0; j < DIMENSION; j++) {
      vector[j] = (float) (vector[j] / Math.sqrt(squares));
    }
    return vector;
  }
}
