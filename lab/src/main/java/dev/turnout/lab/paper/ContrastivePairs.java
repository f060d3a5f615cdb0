package dev.turnout.lab.paper;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which LLMs of a query are positives and negatives, and which queries lie in and out of its group.
 * Ungraded LLMs are neither.
 */
final class ContrastivePairs {
  private static final double HIGHEST_NEGATIVE = 0.5;
  private static final int OUT_OF_GROUP = 3;

  private final float[][] positives;
  private final float[][] negatives;
  private final int[] group;
  private final int[][] members;

  /**
   * Prepares all queries.
   *
   * @param rewards {@code float[queries][llms]}, NaN = not graded
   * @param contrasts how many best LLMs are positives, and how many worst are negatives
   * @param group group of each query
   */
  ContrastivePairs(float[][] rewards, int contrasts, int[] group) {
    this.positives = new float[rewards.length][];
    this.negatives = new float[rewards.length][];
    this.group = group.clone();
    for (int i = 0; i < rewards.length; i++) {
      positives[i] = new float[rewards[i].length];
      negatives[i] = new float[rewards[i].length];
      mark(rewards[i], contrasts, positives[i], negatives[i]);
    }
    int groups = Arrays.stream(group).max().orElse(0) + 1;
    this.members = new int[groups][];
    for (int g = 0; g < groups; g++) {
      int wanted = g;
      members[g] = IntStream.range(0, group.length).filter(i -> group[i] == wanted).toArray();
    }
  }

  float[] positives(int query) {
    return positives[query];
  }

  float[] negatives(int query) {
    return negatives[query];
  }

  /** A query of the same group; possibly the query itself, as in the published code. */
  int inGroup(int query, SplittableRandom random) {
    int[] own = members[group[query]];
    return own[random.nextInt(own.length)];
  }

  /** Queries of other groups; of any group when there is only one. */
  int[] outOfGroup(int query, SplittableRandom random) {
    int[] drawn = new int[OUT_OF_GROUP];
    for (int n = 0; n < drawn.length; n++) {
      int candidate = random.nextInt(group.length);
      while (members[group[query]].length < group.length && group[candidate] == group[query]) {
        candidate = random.nextInt(group.length);
      }
      drawn[n] = candidate;
    }
    return drawn;
  }

  private static void mark(float[] rewards, int contrasts, float[] positives, float[] negatives) {
    Integer[] order =
        IntStream.range(0, rewards.length)
            .filter(t -> !Float.isNaN(rewards[t]))
            .boxed()
            .toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Float.compare(rewards[b], rewards[a]));
    for (int n = 0; n < Math.min(contrasts, order.length); n++) {
      int best = order[n];
      positives[best] = rewards[best] > 0 ? 1 : 0;
      int worst = order[order.length - 1 - n];
      negatives[worst] = rewards[worst] <= HIGHEST_NEGATIVE ? 1 : 0;
    }
  }
}
