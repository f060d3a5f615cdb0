package dev.turnout.lab.baseline.neighbour;

import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.Random;

/**
 * LoraRetriever (Zhao et al. 2024) with clusters in the place of tasks, as RouterDC compares with:
 * a cluster is represented by the mean vector of a few of its queries, a query goes to the nearest
 * representative's best LLM.
 */
public final class LoraRetriever {
  private static final int CLUSTERS = 5;
  private static final int EXAMPLES = 12;
  private static final int ITERATIONS = 25;

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "lora_retriever",
          "nearest cluster by the mean of 12 examples (LoraRetriever, clustering)",
          LoraRetriever::fit,
          SEEDED);

  private LoraRetriever() {}

  private static FittedBaseline fit(EncodedQueries train, long seed) {
    Centring centring = Centring.of(train.embeddings());
    float[][] points = centring.apply(train.embeddings());
    KMeans clusters =
        KMeans.fit(
            points,
            Math.max(CLUSTERS, train.tasks().size()),
            ITERATIONS,
            StartDraw.fromAnyPoint(new Random(seed)));
    int[] assigned = clusters.assign(points);
    double[][] table = Cells.table(train, assigned, clusters.centroids().length);
    Random random = new Random(seed);
    float[][] representatives =
        Arrays.stream(KMeans.members(assigned, table.length))
            .map(members -> meanOfSome(points, members, random))
            .toArray(float[][]::new);
    return queries -> {
      float[][] cosines = DotProducts.of(centring.apply(queries.embeddings()), representatives);
      return Arrays.stream(cosines)
          .map(row -> table[highest(row)].clone())
          .toArray(double[][]::new);
    };
  }

  private static float[] meanOfSome(float[][] points, int[] members, Random random) {
    float[] mean = new float[points[0].length];
    for (int n = 0; n < EXAMPLES && members.length > 0; n++) {
      float[] point = points[members[random.nextInt(members.length)]];
      for (int k = 0; k < mean.length; k++) {
        mean[k] += point[k];
      }
    }
    float length = (float) Math.max(Vectors.length(mean), 1e-9);
    for (int k = 0; k < mean.length; k++) {
      mean[k] /= length;
    }
    return mean;
  }

  private static int highest(float[] values) {
    int best = 0;
    for (int j = 1; j < values.length; j++) {
      best = values[j] > values[best] ? j : best;
    }
    return best;
  }
}
