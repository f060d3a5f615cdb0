package dev.turnout.train.guard;

import dev.turnout.model.guard.Strangeness;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sets each group's threshold so that the stated share of its held-out queries is flagged: those
 * that neither it nor another group takes.
 */
final class GroupCalibration {
  private static final int ROUNDS = 30;

  /** No threshold comes closer to the centre than this share of the usual one. */
  private static final double LEAST = 0.2;

  private final double[][][] spaces;
  private final int[] group;
  private final int groups;
  private final int known;
  private final double rate;

  /**
   * @param spaces {@code double[queries][groups][SPACES]} of held-out queries
   * @param group of each query; every group has one
   * @param known how many spaces are known
   * @param rate share of queries in distribution to flag
   */
  GroupCalibration(double[][][] spaces, int[] group, int known, double rate) {
    this.spaces = spaces;
    this.group = group;
    this.groups = spaces[0].length;
    this.known = known;
    this.rate = rate;
  }

  Strangeness fit() {
    double[][][] quantiles = new double[groups][Strangeness.SPACES][];
    int[][] members = new int[groups][];
    for (int g = 0; g < groups; g++) {
      int wanted = g;
      members[g] = IntStream.range(0, group.length).filter(i -> group[i] == wanted).toArray();
      for (int s = 0; s < Strangeness.SPACES; s++) {
        int space = s;
        quantiles[g][s] =
            Strangeness.quantiles(
                Arrays.stream(members[g]).mapToDouble(i -> s(i, wanted, space)).sorted().toArray());
      }
    }
    double[][] sums = new double[group.length][groups];
    for (int i = 0; i < sums.length; i++) {
      for (int g = 0; g < groups; g++) {
        sums[i][g] = Strangeness.sum(quantiles[g], spaces[i][g], known);
      }
    }
    double[] centre = new double[groups];
    double[] usual = new double[groups];
    for (int g = 0; g < groups; g++) {
      int own = g;
      double[] sorted = Arrays.stream(members[g]).mapToDouble(i -> sums[i][own]).sorted().toArray();
      centre[g] = sorted[sorted.length / 2];
      usual[g] = Math.max(1e-3, sorted[rank(sorted.length)] - centre[g]);
    }
    return new Strangeness(quantiles, centre, scales(sums, members, centre, usual));
  }

  private double s(int query, int of, int space) {
    return space < known ? spaces[query][of][space] : 0;
  }

  /** Position of the threshold among so many held-out queries in ascending order. */
  private int rank(int size) {
    return Math.max(0, size - 1 - (int) Math.floor(rate * (size + 1)));
  }

  private double[] scales(double[][] sums, int[][] members, double[] centre, double[] usual) {
    double[] scale = usual.clone();
    for (int round = 0; round < ROUNDS; round++) {
      for (int g = 0; g < groups; g++) {
        int own = g;
        double[] left =
            Arrays.stream(members[g])
                .filter(i -> !taken(sums[i], own, centre, scale))
                .mapToDouble(i -> sums[i][own] - centre[own])
                .sorted()
                .toArray();
        int flagged = (int) Math.floor(rate * (members[g].length + 1));
        double wanted = left.length > flagged ? left[left.length - 1 - flagged] : 0;
        // Just beyond the last that passes, so that float32 does not flag it.
        scale[g] = Math.max(LEAST * usual[g], wanted * (1 + 1e-5));
      }
    }
    // Groups that lie within others flag next to nothing of their own: all come closer alike.
    double[] all =
        Arrays.stream(sums)
            .mapToDouble(
                row ->
                    IntStream.range(0, groups)
                        .mapToDouble(g -> (row[g] - centre[g]) / scale[g])
                        .min()
                        .orElse(0))
            .sorted()
            .toArray();
    double closer = Math.max(LEAST, Math.min(1, all[rank(all.length)] * (1 + 1e-5)));
    return Arrays.stream(scale).map(each -> each * closer).toArray();
  }

  private boolean taken(double[] sums, int except, double[] centre, double[] scale) {
    for (int g = 0; g < groups; g++) {
      if (g != except && sums[g] - centre[g] <= scale[g]) {
        return true;
      }
    }
    return false;
  }
}
