package dev.turnout.train;

import dev.turnout.math.Cholesky;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.math.Vectors;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Places a new LLM among the known ones from a few graded probes, without touching them. The new
 * embedding is the mean of the others plus a ridge mixture of how they deviate from it, plus a
 * level on the constant feature: with few probes it behaves like the average LLM, with more it
 * takes the shape of those that fail and succeed where it does.
 */
public final class Onboarding {
  private static final double MIXTURE_RIDGE = 10;
  private static final double LEVEL_SMOOTHING = 50;

  private Onboarding() {}

  /**
   * Places an LLM when the others were not graded on the probes: what the model expects of them
   * stands in.
   *
   * @param probes {@code float[probes][encoder dimension]}, at least one
   * @param rewards grades of the new LLM, 0..1; NaN = not graded
   */
  public static RouterModel place(
      RouterModel model, String llm, float[][] probes, float[] rewards) {
    return place(model, llm, probes, rewards, null);
  }

  /**
   * Places an LLM. Grades of the others on the same probes say how hard the probes are, which
   * halves the noise.
   *
   * @param probes {@code float[probes][encoder dimension]}, at least one
   * @param rewards grades of the new LLM, 0..1; NaN = not graded
   * @param others grades of {@code model.llms()} on the probes, {@code float[probes][llms]}, NaN =
   *     not graded; null when there are none. The column of an LLM that is being placed again is
   *     ignored
   * @return the model with the LLM added, or placed anew if it was known
   */
  public static RouterModel place(
      RouterModel model,
      String llm,
      float[][] probes,
      float[] rewards,
      float @Nullable [][] others) {
    if (probes.length == 0 || probes.length != rewards.length) {
      throw new IllegalArgumentException(
          "LLM \"" + llm + "\" has " + probes.length + " probes and " + rewards.length + " grades");
    }
    int again = model.llms().indexOf(llm);
    RouterModel known = again < 0 ? model : model.without(llm);
    float[][] grades = others == null || again < 0 ? others : without(others, again);
    RouterScorer scorer = new RouterScorer(known);
    double[][] projected = new double[probes.length][];
    double[] beyond = new double[probes.length];
    double[] peers = new double[probes.length];
    for (int i = 0; i < probes.length; i++) {
      projected[i] = Vectors.widened(scorer.projected(probes[i]));
      peers[i] = peers(grades == null ? null : grades[i], scorer, probes[i]);
      beyond[i] = rewards[i] - peers[i];
    }
    LlmEmbedding embedding = embed(known, llm, projected, beyond, peers);
    return model.withLlm(embedding);
  }

  /**
   * Chooses probes that cover the query space: the training query nearest to each centroid of a
   * clustering into as many cells as probes.
   *
   * @param embeddings {@code float[queries][encoder dimension]}
   * @return distinct indices into the embeddings, at most {@code probes}
   */
  public static int[] chooseProbes(float[][] embeddings, int probes, long seed) {
    KMeans cells =
        KMeans.fit(
            embeddings,
            probes,
            KMeans.USUAL_ITERATIONS,
            StartDraw.proportional(new SplittableRandom(seed)));
    float[][] centroids = cells.centroids();
    int[] assigned = cells.assign(embeddings);
    int[] nearest = new int[centroids.length];
    double[] least = new double[centroids.length];
    Arrays.fill(nearest, -1);
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (int i = 0; i < embeddings.length; i++) {
      double squares = Vectors.squaredDistance(embeddings[i], centroids[assigned[i]]);
      if (squares < least[assigned[i]]) {
        least[assigned[i]] = squares;
        nearest[assigned[i]] = i;
      }
    }
    return Arrays.stream(nearest).filter(i -> i >= 0).toArray();
  }

  private static LlmEmbedding embed(
      RouterModel known, String llm, double[][] projected, double[] beyond, double[] peers) {
    List<LlmEmbedding> embeddings = known.embeddings();
    double[] mean = Vectors.mean(embeddings.stream().map(LlmEmbedding::vector).toList());
    double[][] deviations = new double[embeddings.size()][];
    for (int t = 0; t < deviations.length; t++) {
      deviations[t] = Vectors.widened(embeddings.get(t).vector());
      Vectors.add(-1, mean, deviations[t]);
    }
    int graded = 0;
    double sum = 0;
    double[] centre = new double[deviations.length];
    double[][] scores = new double[projected.length][deviations.length];
    double peerSum = 0;
    for (int i = 0; i < projected.length; i++) {
      if (Double.isNaN(beyond[i])) {
        continue;
      }
      graded++;
      sum += beyond[i];
      peerSum += peers[i];
      for (int t = 0; t < deviations.length; t++) {
        scores[i][t] = Vectors.dot(deviations[t], projected[i]);
        centre[t] += scores[i][t];
      }
    }
    if (graded == 0) {
      throw new IllegalArgumentException("LLM \"" + llm + "\" has no graded probe");
    }
    Vectors.divide(centre, graded);
    double[] mixture = mixture(scores, centre, beyond, sum / graded);
    double trust = graded / (graded + LEVEL_SMOOTHING);
    double level = trust * (sum / graded - Vectors.dot(mixture, centre));
    double[] vector = mean.clone();
    for (int t = 0; t < deviations.length; t++) {
      Vectors.add(mixture[t], deviations[t], vector);
    }
    if (known.sphere() != null) {
      // There the last projected coordinate is the constant feature; plain cosines have no room
      // for a level.
      vector[vector.length - 1] += level;
    }
    return new LlmEmbedding(
        llm,
        Vectors.narrowed(vector),
        embeddings.stream().mapToDouble(LlmEmbedding::slope).average().orElseThrow(),
        embeddings.stream().mapToDouble(LlmEmbedding::intercept).average().orElseThrow(),
        embeddings.stream().mapToDouble(LlmEmbedding::ease).average().orElseThrow(),
        clamp(meanOverall(embeddings, peerSum / graded) + trust * sum / graded));
  }

  private static double[] mixture(
      double[][] scores, double[] centre, double[] beyond, double meanBeyond) {
    int llms = centre.length;
    double[][] gram = new double[llms][llms];
    double[] moments = new double[llms];
    for (int t = 0; t < llms; t++) {
      gram[t][t] = MIXTURE_RIDGE;
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(beyond[i])) {
        continue;
      }
      for (int t = 0; t < llms; t++) {
        double centred = scores[i][t] - centre[t];
        moments[t] += centred * (beyond[i] - meanBeyond);
        for (int u = 0; u < llms; u++) {
          gram[t][u] += centred * (scores[i][u] - centre[u]);
        }
      }
    }
    return Cholesky.of(gram).solve(moments);
  }

  /** How well the known LLMs do on a probe: their grades, or what the model expects of them. */
  private static double peers(float @Nullable [] grades, RouterScorer scorer, float[] probe) {
    double sum = 0;
    int graded = 0;
    if (grades != null) {
      for (float grade : grades) {
        if (!Float.isNaN(grade)) {
          sum += grade;
          graded++;
        }
      }
    }
    return graded > 0
        ? sum / graded
        : Arrays.stream(scorer.score(probe).predictedSuccess()).average().orElseThrow();
  }

  private static double meanOverall(List<LlmEmbedding> embeddings, double otherwise) {
    return embeddings.stream()
        .mapToDouble(LlmEmbedding::overall)
        .filter(overall -> !Double.isNaN(overall))
        .average()
        .orElse(otherwise);
  }

  private static float[][] without(float[][] grades, int column) {
    Matrix all = Matrix.of(grades);
    float[][] fewer = new float[all.rows()][all.columns() - 1];
    for (int i = 0; i < fewer.length; i++) {
      for (int t = 0; t < fewer[i].length; t++) {
        fewer[i][t] = all.at(i, t < column ? t : t + 1);
      }
    }
    return fewer;
  }

  private static double clamp(double share) {
    return Math.max(0, Math.min(1, share));
  }
}
