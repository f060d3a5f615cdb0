package dev.turnout.train;

import java.util.SplittableRandom;

/** Assigns queries to folds, spread evenly within every group. */
final class Folds {
  private Folds() {}

  /** Fold of each query, 0..folds-1. */
  static int[] stratified(int[] group, int folds, SplittableRandom random) {
    int[] order = shuffled(group.length, random);
    int groups = 0;
    for (int g : group) {
      groups = Math.max(groups, g + 1);
    }
    int[] next = new int[groups];
    int[] fold = new int[group.length];
    for (int i : order) {
      fold[i] = next[group[i]]++ % folds;
    }
    return fold;
  }

  /** The numbers 0..size-1 in random order. */
  static int[] shuffled(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
