package dev.turnout.math;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Cross-validation folds.
 *
 * @param of fold of each query, from 0
 */
public record Folds(int[] of) {

  /** Assigns queries to folds, spread evenly within every group. */
  public static Folds stratified(int[] group, int folds, RandomGenerator random) {
    int[] seen = new int[Arrays.stream(group).max().orElse(-1) + 1];
    int[] fold = new int[group.length];
    for (int i : shuffled(group.length, random)) {
      fold[i] = seen[group[i]]++ % folds;
    }
    return new Folds(fold);
  }

  /** The numbers 0..size-1 in random order. */
  public static int[] shuffled(int size, RandomGenerator random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The queries of one fold. */
  public int[] inside(int wanted) {
    return IntStream.range(0, of.length).filter(i -> of[i] == wanted).toArray();
  }

  /** The queries of all folds but one. */
  public int[] outside(int left) {
    return IntStream.range(0, of.length).filter(i -> of[i] != left).toArray();
  }

  /** How many folds have queries. */
  public int count() {
    return Arrays.stream(of).max().orElse(-1) + 1;
  }
}
