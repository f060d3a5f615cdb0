package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.baseline.neighbour.Centring;
import dev.turnout.lab.baseline.neighbour.DotProducts;
import dev.turnout.math.Cholesky;
import dev.turnout.math.Folds;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Ridge regression of each LLM's reward on the centred vector, in closed form; the penalty is
 * chosen by cross-validation on the training queries.
 */
public final class Ridge {
  private static final double[] PENALTIES = {1, 10, 30, 100, 300, 1000};
  private static final int FOLDS = 5;

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "ridge",
          "ridge regression of every LLM's reward, penalty by cross-validation",
          (train, seed) -> fit(train, chosenPenalty(train)));

  private Ridge() {}

  private static double chosenPenalty(EncodedQueries train) {
    Folds folds = Folds.stratified(train.taskIndices(), FOLDS, new Random(0));
    double[] reward = new double[PENALTIES.length];
    for (int fold = 0; fold < folds.count(); fold++) {
      EncodedQueries held = train.subset(folds.inside(fold));
      EncodedQueries rest = train.subset(folds.outside(fold));
      if (held.size() == 0 || rest.size() == 0) {
        continue;
      }
      NormalEquations equations = NormalEquations.of(rest);
      for (int p = 0; p < PENALTIES.length; p++) {
        reward[p] += Rewards.followed(held, equations.solve(PENALTIES[p]).scores(held));
      }
    }
    return PENALTIES[Rewards.best(reward)];
  }

  private static FittedBaseline fit(EncodedQueries train, double penalty) {
    return NormalEquations.of(train).solve(penalty);
  }

  /** Gram matrices and right-hand sides, one a pattern of graded queries. */
  private record NormalEquations(
      Centring centring, double[] mean, double[][][] gram, double[][] moments) {

    static NormalEquations of(EncodedQueries train) {
      Centring centring = Centring.of(train.embeddings());
      float[][] x = centring.apply(train.embeddings());
      float[][] rewards = train.rewards();
      int llms = train.llms().size();
      double[] mean = new double[llms];
      double[][][] gram = new double[llms][][];
      double[][] moments = new double[llms][];
      double[][] complete = null;
      for (int t = 0; t < llms; t++) {
        int llm = t;
        int[] graded =
            IntStream.range(0, x.length).filter(i -> !Float.isNaN(rewards[i][llm])).toArray();
        mean[t] = Arrays.stream(graded).mapToDouble(i -> rewards[i][llm]).average().orElse(0);
        if (graded.length == x.length) {
          complete = complete == null ? gram(x, graded) : complete;
          gram[t] = complete;
        } else {
          gram[t] = gram(x, graded);
        }
        moments[t] = new double[x[0].length];
        for (int i : graded) {
          double residual = rewards[i][t] - mean[t];
          for (int k = 0; k < moments[t].length; k++) {
            moments[t][k] += residual * x[i][k];
          }
        }
      }
      return new NormalEquations(centring, mean, gram, moments);
    }

    FittedBaseline solve(double penalty) {
      float[][] weights = new float[mean.length][];
      Cholesky previous = null;
      for (int t = 0; t < mean.length; t++) {
        if (previous == null || gram[t] != gram[t - 1]) {
          previous = Cholesky.of(gram[t], penalty);
        }
        double[] solution = previous.solve(moments[t]);
        weights[t] = new float[solution.length];
        for (int k = 0; k < solution.length; k++) {
          weights[t][k] = (float) solution[k];
        }
      }
      return queries -> {
        float[][] products = DotProducts.of(centring.apply(queries.embeddings()), weights);
        double[][] scores = new double[products.length][mean.length];
        for (int i = 0; i < scores.length; i++) {
          for (int t = 0; t < mean.length; t++) {
            scores[i][t] = mean[t] + products[i][t];
          }
        }
        return scores;
      };
    }

    private static double[][] gram(float[][] x, int[] rows) {
      int dimension = x[0].length;
      float[][] columns = new float[dimension][rows.length];
      for (int i = 0; i < rows.length; i++) {
        for (int k = 0; k < dimension; k++) {
          columns[k][i] = x[rows[i]][k];
        }
      }
      float[][] products = DotProducts.of(columns, columns);
      double[][] gram = new double[dimension][dimension];
      for (int k = 0; k < dimension; k++) {
        for (int j = 0; j < dimension; j++) {
          gram[k][j] = products[k][j];
        }
      }
      return gram;
    }
  }
}
