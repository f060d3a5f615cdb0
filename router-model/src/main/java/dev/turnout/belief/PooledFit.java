package dev.turnout.belief;

import dev.turnout.math.Cholesky;
import java.util.Arrays;

/**
 * A linear mixed model of single grades,
 *
 * <pre>residual = level(cell) + difficulty(question) + advantage(cell, LLM) + noise</pre>
 *
 * fitted by backfitting to its best linear unbiased prediction. The question's difficulty is common
 * to all LLMs, so two LLMs graded on one question are compared like a pair; an LLM's advantages are
 * Gaussian over the cells, which shrinks a cell with few grades to the cells that resemble it and
 * to the LLM's own mean (Robinson 1991, "That BLUP is a good thing"). Which cells resemble each
 * other is first taken from {@link CellGeometry} and then from the grades: the covariance is the
 * mean of that prior and of what all LLMs together show (expectation-maximisation with an inverse
 * Wishart prior; Dempster, Laird and Rubin 1977).
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Equal observations give bit-equal results. All sums run over the samples in log order, and
 *       the only library call, {@link Cholesky}, works on one thread in a fixed order. Replicas of
 *       a learner that have read the same log therefore agree without exchanging anything.
 *   <li>The covariance is positive definite in every round: it is a mean with positive weights of
 *       the prior, which is, and of posterior covariances and outer products, which are at least
 *       semi-definite. So no factorisation can fail, however few or one-sided the grades are.
 *   <li>An LLM without a grade has advantage 0 and the covariance's own variance. Forgetting and
 *       distrust lower weights towards 0 and so lead back there, never beyond.
 * </ul>
 *
 * <p>Why it is sound: each backfitting step sets one part of the model to its conditional mean
 * given the others, which never raises the penalised sum of squares, a strictly convex function
 * (Buja, Hastie and Tibshirani 1989); so the sweeps near its one minimum, the best linear unbiased
 * prediction. The rounds in between alternate with the covariance as in expectation-maximisation.
 * The number of sweeps is fixed instead of tested for convergence, since a test could end a sweep
 * earlier on one replica's rounding.
 *
 * <p>Two approximations, for speed: repeated grades of one pair of question and LLM count less
 * ({@link LearningSettings#repeat}) instead of having a variance of their own, and the posterior
 * variance takes the level as known and a question's difficulty as known only as far as its other
 * grades tell, instead of inverting the whole system.
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

  /** How often the covariance is learnt anew from the advantages. */
  private static final int COVARIANCE_ROUNDS = 3;

  /** As many LLMs as the prior covariance counts for beside those that were graded. */
  private static final double PRIOR_LLMS = 3;

  static PooledFit of(
      Observations seen, double[][] covariance, LearningSettings settings, StopSignal stop) {
    Backfitting fit = new Backfitting(seen, settings, stop);
    int rounds = seen.cells() > 1 ? COVARIANCE_ROUNDS : 0;
    int sweeps = Math.max(1, settings.sweeps() / (rounds + 1));
    double[][] learnt = covariance;
    for (int round = 0; round < rounds; round++) {
      fit.sweep(learnt, sweeps);
      learnt = covarianceOf(fit.advantage, fit.posterior(learnt), covariance);
    }
    fit.sweep(learnt, Math.max(1, settings.sweeps() - rounds * sweeps));
    return new PooledFit(
        fit.level, fit.difficulty, fit.advantage, diagonals(fit.posterior(learnt)), fit.count);
  }

  /** Expected residual of an LLM in a cell. */
  double expected(int cell, int llm) {
    return level[cell] + advantage[cell][llm];
  }

  /**
   * What the advantages say of their covariance.
   *
   * @param posterior of every LLM's advantages, {@code double[llms][cells][cells]}
   */
  private static double[][] covarianceOf(
      double[][] advantage, double[][][] posterior, double[][] prior) {
    int cells = prior.length;
    double[][] covariance = new double[cells][cells];
    for (int c = 0; c < cells; c++) {
      for (int d = 0; d < cells; d++) {
        double sum = PRIOR_LLMS * prior[c][d];
        for (int a = 0; a < posterior.length; a++) {
          sum += posterior[a][c][d] + advantage[c][a] * advantage[d][a];
        }
        covariance[c][d] = sum / (PRIOR_LLMS + posterior.length);
      }
    }
    return covariance;
  }

  private static double[][] diagonals(double[][][] posterior) {
    double[][] diagonals = new double[posterior[0].length][posterior.length];
    for (int a = 0; a < posterior.length; a++) {
      for (int c = 0; c < diagonals.length; c++) {
        diagonals[c][a] = posterior[a][c][c];
      }
    }
    return diagonals;
  }

  /** The parts of the model in turn, each given the others. */
  private static final class Backfitting {
    private final Observations seen;
    private final StopSignal stop;
    private final double noise;
    private final double questionVariance;
    private final double[] weight;
    private final double[] perItem;
    private final double[] perCell;
    private final double[][] count;
    private final double[][] information;
    private final double[] level;
    private final double[] difficulty;
    private final double[][] advantage;

    Backfitting(Observations seen, LearningSettings settings, StopSignal stop) {
      this.seen = seen;
      this.stop = stop;
      this.noise = settings.noiseVariance();
      this.questionVariance = settings.questionVariance();
      this.weight = withoutRepeats(seen, settings.repeat());
      this.perItem = new double[seen.items()];
      this.perCell = new double[seen.cells()];
      this.count = new double[seen.cells()][seen.llms()];
      for (int i = 0; i < weight.length; i++) {
        perItem[seen.item()[i]] += weight[i];
        perCell[seen.cell()[i]] += weight[i];
        count[seen.cell()[i]][seen.llm()[i]] += weight[i];
      }
      // a grade of a question graded once carries the question's own variance as well
      this.information = new double[seen.cells()][seen.llms()];
      for (int i = 0; i < weight.length; i++) {
        double others = Math.max(perItem[seen.item()[i]], 1e-9);
        information[seen.cell()[i]][seen.llm()[i]] +=
            weight[i] * noise / (noise + questionVariance / others);
      }
      this.level = new double[seen.cells()];
      this.difficulty = new double[seen.items()];
      this.advantage = new double[seen.cells()][seen.llms()];
    }

    void sweep(double[][] covariance, int sweeps) {
      double[][][] smoother = smoothers(covariance, count);
      for (int sweep = 0; sweep < sweeps; sweep++) {
        stop.check();
        fitLevel();
        fitDifficulty();
        fitAdvantage(smoother);
      }
    }

    /** Covariance of what is not known of every LLM's advantages, {@code [llms][cells][cells]}. */
    double[][][] posterior(double[][] covariance) {
      double[][][] posterior = smoothers(covariance, information);
      for (double[][] llm : posterior) {
        scale(llm, noise);
      }
      return posterior;
    }

    private void fitLevel() {
      double shrinkage = noise / LEVEL_VARIANCE;
      double[] sum = new double[level.length];
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        sum[c] +=
            weight[i]
                * (seen.residual()[i] - advantage[c][seen.llm()[i]] - difficulty[seen.item()[i]]);
      }
      for (int c = 0; c < level.length; c++) {
        level[c] = sum[c] / (perCell[c] + shrinkage);
      }
    }

    private void fitDifficulty() {
      double shrinkage = questionVariance > 0 ? noise / questionVariance : Double.POSITIVE_INFINITY;
      double[] sum = new double[difficulty.length];
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        sum[seen.item()[i]] +=
            weight[i] * (seen.residual()[i] - advantage[c][seen.llm()[i]] - level[c]);
      }
      for (int q = 0; q < difficulty.length; q++) {
        difficulty[q] = sum[q] / (perItem[q] + shrinkage);
      }
    }

    private void fitAdvantage(double[][][] smoother) {
      double[][] sum = new double[seen.llms()][seen.cells()];
      for (int i = 0; i < weight.length; i++) {
        int c = seen.cell()[i];
        sum[seen.llm()[i]][c] +=
            weight[i] * (seen.residual()[i] - level[c] - difficulty[seen.item()[i]]);
      }
      for (int a = 0; a < sum.length; a++) {
        for (int c = 0; c < advantage.length; c++) {
          double smoothed = 0;
          for (int d = 0; d < advantage.length; d++) {
            smoothed += smoother[a][c][d] * sum[a][d];
          }
          advantage[c][a] = smoothed;
        }
      }
    }

    private double[][][] smoothers(double[][] covariance, double[][] grades) {
      double[][] precision = Cholesky.of(covariance).inverse();
      scale(precision, noise);
      double[][][] smoothers = new double[seen.llms()][][];
      for (int a = 0; a < smoothers.length; a++) {
        stop.check();
        double[][] matrix = Arrays.stream(precision).map(double[]::clone).toArray(double[][]::new);
        for (int c = 0; c < matrix.length; c++) {
          matrix[c][c] += grades[c][a];
        }
        smoothers[a] = Cholesky.of(matrix).inverse();
      }
      return smoothers;
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

    private static void scale(double[][] matrix, double factor) {
      for (double[] row : matrix) {
        for (int c = 0; c < row.length; c++) {
          row[c] *= factor;
        }
      }
    }
  }
}
