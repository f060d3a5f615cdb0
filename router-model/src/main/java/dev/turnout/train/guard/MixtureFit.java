package dev.turnout.train.guard;

import dev.turnout.math.Cholesky;
import dev.turnout.math.Folds;
import dev.turnout.math.Vectors;
import dev.turnout.model.guard.Mixture;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Fits a {@link Mixture}: clusters within every task, one covariance of what the clusters leave for
 * all, and per cluster a variance along each whitened axis, shrunk to 1.
 */
final class MixtureFit {
  private static final int ITERATIONS = 8;
  private static final int QUERIES_A_CLUSTER = 100;
  private static final int MOST_CLUSTERS = 64;
  private static final int MOST_CLUSTERS_OF_A_TASK = 24;

  /** Deviations below this count as none: statistics of fixed layouts hardly vary at all. */
  private static final double LEAST_DEVIATION = 0.05;

  private static final double RIDGE = 0.05;
  private static final double SHRINKAGE = 20;

  private final double[][] points;
  private final int dimension;
  private final double[] mean;
  private final double[] deviation;

  private MixtureFit(double[][] points) {
    this.points = points;
    this.dimension = points[0].length;
    this.mean = new double[dimension];
    this.deviation = new double[dimension];
    for (double[] point : points) {
      for (int j = 0; j < dimension; j++) {
        mean[j] += point[j] / points.length;
      }
    }
    for (double[] point : points) {
      for (int j = 0; j < dimension; j++) {
        deviation[j] += (point[j] - mean[j]) * (point[j] - mean[j]) / points.length;
      }
    }
    for (int j = 0; j < dimension; j++) {
      deviation[j] = Math.max(LEAST_DEVIATION, Math.sqrt(deviation[j]));
    }
  }

  /**
   * Fits one.
   *
   * @param points {@code double[queries][dimension]}
   * @param task of each query, from 0; the mixture's groups
   */
  static Mixture of(double[][] points, int[] task, SplittableRandom random) {
    return new MixtureFit(points).fit(task, random);
  }

  private Mixture fit(int[] task, SplittableRandom random) {
    float[][] standard = new float[points.length][dimension];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < dimension; j++) {
        standard[i][j] = (float) ((points[i][j] - mean[j]) / deviation[j]);
      }
    }
    int tasks = Arrays.stream(task).max().orElse(0) + 1;
    int[] cluster = new int[points.length];
    int[] groups = new int[points.length];
    int clusters = 0;
    for (int t = 0; t < tasks; t++) {
      int wanted = t;
      int[] own = IntStream.range(0, task.length).filter(i -> task[i] == wanted).toArray();
      int[] assigned = clusters(own, standard, random);
      int[] numbers = new int[own.length];
      Arrays.fill(numbers, -1);
      for (int i = 0; i < own.length; i++) {
        if (numbers[assigned[i]] < 0) {
          groups[clusters] = t;
          numbers[assigned[i]] = clusters++;
        }
        cluster[own[i]] = numbers[assigned[i]];
      }
    }
    return assemble(standard, cluster, Arrays.copyOf(groups, clusters));
  }

  /** Clusters of one task's queries. */
  private int[] clusters(int[] own, float[][] standard, SplittableRandom random) {
    int most = Math.max(1, (int) ((long) MOST_CLUSTERS * own.length / standard.length));
    int count =
        Math.min(
            Math.min(MOST_CLUSTERS_OF_A_TASK, most), Math.max(1, own.length / QUERIES_A_CLUSTER));
    if (count == 1) {
      return new int[own.length];
    }
    float[][] some = Arrays.stream(own).mapToObj(i -> standard[i]).toArray(float[][]::new);
    // Starts drawn evenly: starts far from each other would be the outliers.
    float[][] centres =
        Arrays.stream(Folds.shuffled(some.length, random))
            .limit(count)
            .mapToObj(i -> some[i].clone())
            .toArray(float[][]::new);
    int[] assigned = new int[some.length];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      for (int i = 0; i < some.length; i++) {
        assigned[i] = nearest(some[i], centres);
      }
      move(some, assigned, centres);
    }
    return assigned;
  }

  /**
   * On one thread: the many small products would cost the tensor engine more than they are worth.
   */
  private static int nearest(float[] point, float[][] centres) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < centres.length; c++) {
      double distance = Vectors.squaredDistance(point, centres[c]);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    return nearest;
  }

  private static void move(float[][] points, int[] assigned, float[][] centres) {
    int[] sizes = new int[centres.length];
    double[][] sums = new double[centres.length][points[0].length];
    for (int i = 0; i < points.length; i++) {
      sizes[assigned[i]]++;
      for (int j = 0; j < points[i].length; j++) {
        sums[assigned[i]][j] += points[i][j];
      }
    }
    for (int c = 0; c < centres.length; c++) {
      for (int j = 0; j < centres[c].length && sizes[c] > 0; j++) {
        centres[c][j] = (float) (sums[c][j] / sizes[c]);
      }
    }
  }

  private Mixture assemble(float[][] standard, int[] cluster, int[] groups) {
    int[] sizes = new int[groups.length];
    double[][] centres = new double[groups.length][dimension];
    for (int i = 0; i < standard.length; i++) {
      sizes[cluster[i]]++;
      for (int j = 0; j < dimension; j++) {
        centres[cluster[i]][j] += standard[i][j];
      }
    }
    for (int c = 0; c < groups.length; c++) {
      for (int j = 0; j < dimension; j++) {
        centres[c][j] /= sizes[c];
      }
    }
    double[][] whitening = whitening(standard, cluster, centres);
    float[][] rows = new float[dimension][];
    for (int i = 0; i < dimension; i++) {
      rows[i] = new float[i + 1];
      for (int j = 0; j <= i; j++) {
        rows[i][j] = (float) (whitening[i][j] / deviation[j]);
      }
    }
    float[][] white = new float[groups.length][dimension];
    for (int c = 0; c < groups.length; c++) {
      double[] centre = new double[dimension];
      for (int j = 0; j < dimension; j++) {
        centre[j] = mean[j] + deviation[j] * centres[c][j];
      }
      Mixture.whiten(mean, rows, centre, white[c]);
    }
    return new Mixture(mean, rows, white, precisions(rows, white, cluster, sizes), groups);
  }

  private double[][] whitening(float[][] standard, int[] cluster, double[][] centres) {
    double[][] covariance = new double[dimension][dimension];
    double[] off = new double[dimension];
    for (int i = 0; i < standard.length; i++) {
      for (int j = 0; j < dimension; j++) {
        off[j] = standard[i][j] - centres[cluster[i]][j];
        for (int k = 0; k <= j; k++) {
          covariance[j][k] += off[j] * off[k] / standard.length;
        }
      }
    }
    double trace = 1e-9;
    for (int j = 0; j < dimension; j++) {
      trace += covariance[j][j];
      for (int k = 0; k < j; k++) {
        covariance[k][j] = covariance[j][k];
      }
    }
    return Cholesky.of(covariance, RIDGE * trace / dimension).whitening();
  }

  private float[][] precisions(float[][] rows, float[][] white, int[] cluster, int[] sizes) {
    double[][] squares = new double[white.length][dimension];
    float[] axes = new float[dimension];
    for (int i = 0; i < points.length; i++) {
      Mixture.whiten(mean, rows, points[i], axes);
      for (int j = 0; j < dimension; j++) {
        double off = axes[j] - white[cluster[i]][j];
        squares[cluster[i]][j] += off * off;
      }
    }
    float[][] precisions = new float[white.length][dimension];
    for (int c = 0; c < white.length; c++) {
      for (int j = 0; j < dimension; j++) {
        double variance = (squares[c][j] + SHRINKAGE) / (sizes[c] + SHRINKAGE);
        precisions[c][j] = (float) (1 / Math.max(0.25, Math.min(6, variance)));
      }
    }
    return precisions;
  }
}
