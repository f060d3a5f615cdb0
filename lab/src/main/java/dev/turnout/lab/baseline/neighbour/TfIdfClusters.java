package dev.turnout.lab.baseline.neighbour;

import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** k-means over TF-IDF vectors of the texts, no encoder at all; each cluster has its best LLM. */
public final class TfIdfClusters {
  private static final int CLUSTERS = 12;
  private static final int ITERATIONS = 15;

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "tfidf_clusters",
          "k-means over TF-IDF of the texts, 12 clusters with the best LLM each",
          TfIdfClusters::fit,
          SEEDED);

  private TfIdfClusters() {}

  private static FittedBaseline fit(EncodedQueries train, long seed) {
    TfIdf vocabulary = TfIdf.fit(texts(train));
    float[][] points = vocabulary.vectors(texts(train));
    KMeans clusters =
        KMeans.fit(points, CLUSTERS, ITERATIONS, StartDraw.fromAnyPoint(new Random(seed)));
    double[][] table = Cells.table(train, clusters.assign(points), clusters.centroids().length);
    return queries ->
        Arrays.stream(clusters.assign(vocabulary.vectors(texts(queries))))
            .mapToObj(cluster -> table[cluster].clone())
            .toArray(double[][]::new);
  }

  private static List<String> texts(EncodedQueries queries) {
    return queries.queries().stream().map(QueryOutcomes::question).toList();
  }
}
