package dev.turnout.feedback;

import dev.turnout.numeric.Cholesky;
import java.util.Arrays;

/**
 * A linear mixed model of single grades,
 *
 * <pre>residual = level(cell) + difficulty(question) + advantage(cell, LLM) + noise</pre>
 *
 * fitted by backfitting to its best linear unbiased prediction. The question's difficulty is common
 * to all LLMs, so two LLMs graded on one question are compared like a pair; an LLM's advantages are
 * Gaussian over the cells with the covariance of {@link CellGeometry}, which shrinks a cell with
 * few grades to its neighbours and to the LLM's own mean (Robinson 1991, "That BLUP is a good
 * thing").
 *
 * <p>Single-threaded and without library calls whose order could vary: equal observations give
 * bit-equal results.
 *
 * @param level {@code double[cells]}
 * @param difficulty {@code double[items]}, positive for an easy question
 * @param advantage {@code double[cells][llms]}
 * @param variance posterior variance of the advantages, {@code double[cells][llms]}
 * @param count effective number of grades, {@code double[cells][llms]}
 */
record PooledFit(
    double[] level,
    double[] difficulty,
    double[][] advantage,
    double[][] variance,
    double[][] count) {
  private static final double LEVEL_VARIANCE = 0.06;

  static PooledFit of(
      Observations seen, double[][] covariance, LearningSettings settings, StopSignal stop) {
    int cells = seen.cells();
    int llms = seen.llms();
    double noise = settings.noiseVariance();
    double[] weight = withoutRepeats(seen, settings.repeat());
    double[] perItem = new double[seen.items()];
    double[] perCell = new double[cells];
    double[][] count = new double[cells][llms];
    for (int i = 0; i < weight.length; i++) {
      perItem[seen.item()[i]] += weight[i];
      perCell[seen.cell()[i]] += weight[i];
      count[seen.cell()[i]][seen.llm()[i]] += weight[i];
    }
    double[][] precision = Cholesky.of(covariance).inverse();
    for (double[] row : precision) {
      for (int c = 0; c < row.length; c++) {
        row[c] *= noise;
      }
    }
    double[][][] smoother = smoothers(precision, count, stop);
    double[] level = new double[cells];
    double[] difficulty = new double[seen.items()];
    double[][] advantage = new double[cells][llms];
    double itemShrinkage =
        settings.questionVariance() > 0
            ? noise / settings.questionVariance()
            : Double.POSITIVE_INFINITY;
    double levelShrinkage = noise / LEVEL_VARIANCE;
    double[] itemSum = new double[seen.items()];
    for (int sweep = 0; sweep < settings.sweeps(); sweep++) {
      stop.check();
      double[] levelSum = new double[cells];
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        levelSum[c] +=
            weight[i]
                * (seen.residual()[i] - advantage[c][seen.llm()[i]] - difficulty[seen.item()[i]]);
      }
      for (int c = 0; c < cells; c++) {
        level[c] = levelSum[c] / (perCell[c] + levelShrinkage);
      }
      Arrays.fill(itemSum, 0);
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        itemSum[seen.item()[i]] +=
            weight[i] * (seen.residual()[i] - advantage[c][seen.llm()[i]] - level[c]);
      }
      for (int q = 0; q < itemSum.length; q++) {
        difficulty[q] = itemSum[q] / (perItem[q] + itemShrinkage);
      }
      double[][] sums = new double[llms][cells];
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        sums[seen.llm()[i]][c] +=
            weight[i] * (seen.residual()[i] - level[c] - difficulty[seen.item()[i]]);
      }
      for (int a = 0; a < llms; a++) {
        for (int c = 0; c < cells; c++) {
          double sum = 0;
          for (int d = 0; d < cells; d++) {
            sum += smoother[a][c][d] * sums[a][d];
          }
          advantage[c][a] = sum;
        }
      }
    }
    // a grade of a question graded once carries the question's own variance as well
    double[][] information = new double[cells][llms];
    for (int i = 0; i < weight.length; i++) {
      double others = Math.max(perItem[seen.item()[i]], 1e-9);
      information[seen.cell()[i]][seen.llm()[i]] +=
          weight[i] * noise / (noise + settings.questionVariance() / others);
    }
    double[][][] spread = smoothers(precision, information, stop);
    double[][] variance = new double[cells][llms];
    for (int a = 0; a < llms; a++) {
      for (int c = 0; c < cells; c++) {
        variance[c][a] = noise * spread[a][c][c];
      }
    }
    return new PooledFit(level, difficulty, advantage, variance, count);
  }

  /** Expected residual of an LLM in a cell. */
  double expected(int cell, int llm) {
    return level[cell] + advantage[cell][llm];
  }

  private static double[] withoutRepeats(Observations seen, double repeat) {
    double[] pairs = new double[seen.items() * seen.llms()];
    for (int i = 0; i < seen.size(); i++) {
      pairs[seen.item()[i] * seen.llms() + seen.llm()[i]] += seen.weight()[i];
    }
    double[] weight = new double[seen.size()];
    for (int i = 0; i < weight.length; i++) {
      double mass = pairs[seen.item()[i] * seen.llms() + seen.llm()[i]];
      weight[i] = seen.weight()[i] / (1 + Math.max(0, mass - 1) * repeat);
    }
    return weight;
  }

  private static double[][][] smoothers(double[][] precision, double[][] count, StopSignal stop) {
    int cells = precision.length;
    double[][][] smoothers = new double[count[0].length][][];
    for (int a = 0; a < smoothers.length; a++) {
      stop.check();
      double[][] matrix = new double[cells][];
      for (int c = 0; c < cells; c++) {
        matrix[c] = precision[c].clone();
        matrix[c][c] += count[c][a];
      }
      smoothers[a] = Cholesky.of(matrix).inverse();
    }
    return smoothers;
  }
}
