package dev.turnout.lab.eval.figure;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How often each query is drawn: once in the first row, with replacement within its task in the
 * others (Efron and Tibshirani 1993). Figures of two routers over the same rows are paired.
 *
 * @param counts {@code int[1 + resamples][queries]}
 */
public record Resamples(int[][] counts) {

  /** Draws resamples. */
  public static Resamples of(int[] task, int resamples, long seed) {
    int[][] counts = new int[1 + resamples][task.length];
    Arrays.fill(counts[0], 1);
    int tasks = Arrays.stream(task).max().orElse(-1) + 1;
    int[][] members =
        IntStream.range(0, tasks)
            .mapToObj(k -> IntStream.range(0, task.length).filter(i -> task[i] == k).toArray())
            .toArray(int[][]::new);
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 1; r < counts.length; r++) {
      for (int[] some : members) {
        for (int n = 0; n < some.length; n++) {
          counts[r][some[random.nextInt(some.length)]]++;
        }
      }
    }
    return new Resamples(counts);
  }
}
