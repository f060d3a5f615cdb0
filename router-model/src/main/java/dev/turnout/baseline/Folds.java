package dev.turnout.baseline;

import dev.turnout.data.EncodedQueries;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Cross-validation folds, every task spread evenly over them. */
final class Folds {
  private final int[] fold;

  private Folds(int[] fold) {
    this.fold = fold;
  }

  static Folds of(EncodedQueries queries, int folds, long seed) {
    int[] order = Permutation.of(queries.size(), seed);
    int[] task = queries.taskIndices();
    int[] seen = new int[queries.tasks().size()];
    int[] fold = new int[queries.size()];
    for (int position : order) {
      fold[position] = seen[task[position]]++ % folds;
    }
    return new Folds(fold);
  }

  int[] inside(int wanted) {
    return IntStream.range(0, fold.length).filter(i -> fold[i] == wanted).toArray();
  }

  int[] outside(int left) {
    return IntStream.range(0, fold.length).filter(i -> fold[i] != left).toArray();
  }

  int count() {
    return Arrays.stream(fold).max().orElse(-1) + 1;
  }
}
