package dev.turnout.train.guard;

import dev.turnout.model.guard.Strangeness;
import dev.turnout.model.guard.TextFamiliarity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far training queries are from each task when they are held out.
 *
 * @param vectors {@code double[queries][tasks]}
 * @param texts {@code double[queries][tasks]}
 * @param statistics of the texts, {@code double[queries][statistics]}; null without texts
 * @param task of each query
 * @param tasks number of tasks
 */
record HeldOut(
    double[][] vectors, double[][] texts, double @Nullable [][] statistics, int[] task, int tasks) {

  /** Distances in every space to groups of tasks: {@code double[queries][groups][SPACES]}. */
  double[][][] spaces(int[] groupOfTask) {
    int groups = Arrays.stream(groupOfTask).max().orElse(0) + 1;
    double[][][] spaces = new double[task.length][groups][Strangeness.SPACES];
    for (int i = 0; i < spaces.length; i++) {
      for (double[] group : spaces[i]) {
        group[Strangeness.VECTOR] = Double.POSITIVE_INFINITY;
        group[Strangeness.TEXT] = Double.POSITIVE_INFINITY;
        if (statistics != null) {
          TextFamiliarity.single(statistics[i], group);
        }
      }
      for (int t = 0; t < tasks; t++) {
        double[] group = spaces[i][groupOfTask[t]];
        group[Strangeness.VECTOR] = Math.min(group[Strangeness.VECTOR], vectors[i][t]);
        group[Strangeness.TEXT] = Math.min(group[Strangeness.TEXT], texts[i][t]);
      }
    }
    return spaces;
  }
}
