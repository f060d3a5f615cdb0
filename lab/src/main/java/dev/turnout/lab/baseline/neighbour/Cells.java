package dev.turnout.lab.baseline.neighbour;

import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.math.Folds;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import java.util.Arrays;
import java.util.Random;

/**
 * k-means cells, each with the mean reward of every LLM on its training queries (Avengers, Zhang et
 * al. 2025); the number of cells is chosen by cross-validation on the training queries.
 */
public final class Cells {
  private static final int[] COUNTS = {4, 8, 12, 16, 24, 32, 64};
  private static final int ITERATIONS = 25;
  private static final int SEARCH_ITERATIONS = 10;
  private static final int FOLDS = 3;

  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "cells",
          "k-means cells with the best LLM each (Avengers), their number by cross-validation",
          Cells::fit,
          SEEDED);

  private Cells() {}

  /** The same with a fixed number of cells, for many fits. */
  public static Baseline of(int count) {
    return new Baseline(
        "cells",
        count + " k-means cells with the best LLM each (Avengers)",
        (train, seed) -> fit(train, count, ITERATIONS, seed),
        SEEDED);
  }

  private static FittedBaseline fit(EncodedQueries train, long seed) {
    return fit(train, chosenCount(train, seed), ITERATIONS, seed);
  }

  private static int chosenCount(EncodedQueries train, long seed) {
    Folds folds = Folds.stratified(train.taskIndices(), FOLDS, new Random(seed));
    int best = 1;
    double bestReward = Double.NEGATIVE_INFINITY;
    for (int count : COUNTS) {
      double reward = 0;
      for (int fold = 0; fold < folds.count(); fold++) {
        EncodedQueries held = train.subset(folds.inside(fold));
        EncodedQueries rest = train.subset(folds.outside(fold));
        if (rest.size() == 0) {
          continue; // every task has a single query
        }
        FittedBaseline fitted = fit(rest, count, SEARCH_ITERATIONS, seed + fold);
        reward += Rewards.followed(held, fitted.scores(held));
      }
      if (reward > bestReward) {
        best = count;
        bestReward = reward;
      }
    }
    return best;
  }

  private static FittedBaseline fit(EncodedQueries train, int count, int iterations, long seed) {
    Centring centring = Centring.of(train.embeddings());
    float[][] points = centring.apply(train.embeddings());
    KMeans cells = KMeans.fit(points, count, iterations, StartDraw.fromAnyPoint(new Random(seed)));
    double[][] table = table(train, cells.assign(points), cells.centroids().length);
    return queries ->
        Arrays.stream(cells.assign(centring.apply(queries.embeddings())))
            .mapToObj(cell -> table[cell].clone())
            .toArray(double[][]::new);
  }

  /** Mean reward of each LLM per cell; a cell that never graded an LLM takes its overall mean. */
  static double[][] table(EncodedQueries train, int[] assigned, int cells) {
    float[][] rewards = train.rewards();
    double[] prior = Rewards.taskMeans(train);
    return Arrays.stream(KMeans.members(assigned, cells))
        .map(members -> Rewards.means(rewards, members, prior, members.length == 0 ? 1 : 0))
        .toArray(double[][]::new);
  }
}
