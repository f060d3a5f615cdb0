package dev.turnout.lab.baseline.neighbour;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Mean reward of the k nearest training queries by centred cosine; k is chosen by leaving each
 * training query out in turn.
 */
public final class Knn {
  private static final int[] NEIGHBOURS = {5, 10, 20, 50, 100, 150, 200, 300};

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "knn",
          "mean reward of the k nearest training queries, k by leave-one-out on training",
          (train, seed) -> fit(train, Integer.MAX_VALUE));

  private Knn() {}

  /** The same with k chosen on so many of the training queries, for many fits. */
  public static Baseline sampled(int queries) {
    return new Baseline(
        "knn",
        "mean reward of the k nearest training queries, k by leave-one-out on some of them",
        (train, seed) -> fit(train, queries));
  }

  private static FittedBaseline fit(EncodedQueries train, int sample) {
    Centring centring = Centring.of(train.embeddings());
    float[][] known = centring.apply(train.embeddings());
    float[][] rewards = train.rewards();
    double[] prior = Rewards.taskMeans(train);
    int most = Math.min(NEIGHBOURS[NEIGHBOURS.length - 1], Math.max(1, train.size() - 1));
    int step = Math.max(1, train.size() / sample);
    int[] some = IntStream.range(0, train.size()).filter(i -> i % step == 0).toArray();
    EncodedQueries checked = train.subset(some);
    int[][] neighbours = nearest(rows(known, some), known, most, some);
    int best = 1;
    double bestReward = Double.NEGATIVE_INFINITY;
    for (int k : NEIGHBOURS) {
      double reward = Rewards.followed(checked, means(neighbours, k, rewards, prior));
      if (k <= most && reward > bestReward) {
        best = k;
        bestReward = reward;
      }
    }
    int chosen = best;
    return queries ->
        means(
            nearest(centring.apply(queries.embeddings()), known, chosen, new int[0]),
            chosen,
            rewards,
            prior);
  }

  private static double[][] means(int[][] neighbours, int k, float[][] rewards, double[] prior) {
    return IntStream.range(0, neighbours.length)
        .parallel()
        .mapToObj(
            i -> {
              int[] some = Arrays.copyOf(neighbours[i], Math.min(k, neighbours[i].length));
              return Rewards.means(rewards, some, prior, 0);
            })
        .toArray(double[][]::new);
  }

  private static float[][] rows(float[][] all, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> all[i]).toArray(float[][]::new);
  }

  /**
   * Positions of the nearest known points, nearest first.
   *
   * @param self position of each point among the known ones, which is left out; empty if it has
   *     none
   */
  private static int[][] nearest(float[][] points, float[][] known, int k, int[] self) {
    int[][] nearest = new int[points.length][];
    int chunk = 1024;
    for (int start = 0; start < points.length; start += chunk) {
      int from = start;
      int to = Math.min(points.length, start + chunk);
      float[][] cosines = DotProducts.of(Arrays.copyOfRange(points, from, to), known);
      IntStream.range(from, to)
          .parallel()
          .forEach(
              i -> nearest[i] = highest(cosines[i - from], k, self.length == 0 ? -1 : self[i]));
    }
    return nearest;
  }

  private static int[] highest(float[] values, int k, int except) {
    PriorityQueue<Integer> kept =
        new PriorityQueue<>((a, b) -> Float.compare(values[a], values[b]));
    for (int j = 0; j < values.length; j++) {
      if (j == except) {
        continue;
      }
      if (kept.size() < k) {
        kept.add(j);
      } else if (values[j] > values[kept.element()]) {
        kept.remove();
        kept.add(j);
      }
    }
    int[] positions = new int[kept.size()];
    for (int slot = positions.length - 1; slot >= 0; slot--) {
      positions[slot] = kept.remove();
    }
    return positions;
  }
}
