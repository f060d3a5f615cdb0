package dev.turnout.model;

import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.surface.Trait;
import dev.turnout.math.Vectors;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Router models of random numbers, for tests that need any model at all. */
public final class RandomModels {
  private RandomModels() {}

  /**
   * A model with every optional part.
   *
   * @param projected length of z
   */
  public static RouterModel of(int llms, int dimension, int projected, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    QueryFeatures features =
        new QueryFeatures(
            matrix(1, dimension, random),
            true,
            List.of(
                new CellBank(Membership.HARD, matrix(8, dimension, random), 1, 0.5),
                new CellBank(Membership.SOFT, matrix(6, dimension, random), 0.7, 0.5),
                new CellBank(Membership.KERNEL, matrix(5, dimension, random), 2, 0.25)));
    double[] zeros = new double[llms];
    return new RouterModel(
            "random-" + seed,
            new EncoderId("random", "00112233aabb", dimension),
            names(llms),
            features,
            matrix(projected, features.size(), random),
            matrix(llms, projected, random),
            new Sphere(40, 40),
            0.1,
            new Calibration(
                IntStream.range(0, llms).mapToDouble(t -> 1 + t).toArray(),
                IntStream.range(0, llms).mapToDouble(t -> -0.1 * t).toArray(),
                IntStream.range(0, llms).mapToDouble(t -> 0.5).toArray(),
                zeros,
                matrix(1, projected, random)),
            new Guard(matrix(3, dimension, random), 0.4),
            Map.of("recipe", "random", "a", "b"))
        .withHead(head(llms, Math.min(llms, 3), 40, random))
        .withCosts(costs(19, llms, random));
  }

  /** A model of the shape that the default recipe makes: 4 banks of 12 cells, guard of rank 16. */
  public static RouterModel likeTrained(int llms, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<CellBank> banks =
        IntStream.range(0, 4)
            .mapToObj(b -> new CellBank(Membership.HARD, matrix(12, dimension, random), 1, 0.25))
            .toList();
    QueryFeatures features = new QueryFeatures(matrix(1, dimension, random), true, banks);
    int projected = Math.min(dimension, llms + 1 + 48) + 49;
    return new RouterModel(
            "trained-" + seed,
            new EncoderId("random", "00112233aabb", dimension),
            names(llms),
            features,
            matrix(projected, features.size(), random),
            matrix(llms, projected, random),
            new Sphere(100, 100),
            0.1,
            Calibration.shared(llms, 4, 0),
            new Guard(matrix(16, dimension, random), 0.9),
            Map.of())
        .withHead(head(llms, Math.min(llms, 16), 8_000, random))
        .withCosts(costs(48, llms, random));
  }

  /** Costs of every LLM, and tokens of all but the first. */
  private static CostHead costs(int cells, int llms, SplittableRandom random) {
    return new CostHead(amounts(cells, llms, 0, random), amounts(cells, llms, 1, random));
  }

  private static CellAmounts amounts(int cells, int llms, int from, SplittableRandom random) {
    float[][] deviations = new float[cells][llms];
    float[][] rows = new float[llms][CellAmounts.COLUMNS];
    for (int t = from; t < llms; t++) {
      rows[t] = new float[] {1 + t, 2, (float) random.nextDouble(), 100};
      for (int c = 0; c < cells; c++) {
        deviations[c][t] = (float) random.nextDouble() - 0.5f;
      }
    }
    return new CellAmounts(Matrix.of(deviations), Matrix.of(rows));
  }

  /** A success head with three edges a trait, and words with every third id. */
  private static SuccessHead head(int llms, int axes, int words, SplittableRandom random) {
    float[][] edges = new float[3 * Trait.COUNT][];
    for (int e = 0; e < edges.length; e++) {
      edges[e] = new float[] {Math.floorDiv(e, 3), e % 3};
    }
    float[][] ids = new float[words][];
    for (int w = 0; w < words; w++) {
      ids[w] = new float[] {3 * w + 1, 0.5f + (float) random.nextDouble()};
    }
    return new SuccessHead(
        Matrix.of(edges),
        matrix(edges.length, axes, random),
        Matrix.of(ids),
        matrix(words, axes, random),
        matrix(llms, 3 + axes, random));
  }

  /** The plainest model: no banks, no projection, plain cosine, no guard. */
  public static RouterModel plain(float[][] llmEmbeddings, double temperature) {
    int dimension = llmEmbeddings[0].length - 1;
    return new RouterModel(
        "plain",
        new EncoderId("plain", "00112233aabb", dimension),
        names(llmEmbeddings.length),
        new QueryFeatures(Matrix.of(new float[1][dimension]), false, List.of()),
        null,
        Matrix.of(llmEmbeddings),
        null,
        temperature,
        Calibration.shared(llmEmbeddings.length, 2, -1),
        null,
        Map.of());
  }

  /** A random vector of length 1. */
  public static float[] unit(int dimension, SplittableRandom random) {
    float[] vector = matrix(1, dimension, random).row(0);
    double length = Vectors.length(vector);
    for (int j = 0; j < dimension; j++) {
      vector[j] = (float) (vector[j] / length);
    }
    return vector;
  }

  static Matrix matrix(int rows, int columns, SplittableRandom random) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextDouble(-1, 1);
      }
    }
    return Matrix.of(values);
  }

  private static List<String> names(int llms) {
    return IntStream.range(0, llms).mapToObj(t -> "llm-" + t).toList();
  }
}
