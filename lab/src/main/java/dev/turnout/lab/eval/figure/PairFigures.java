package dev.turnout.lab.eval.figure;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Routing between a weak and a strong LLM as RouteLLM measures it (Ong et al. 2024): more and more
 * queries, those with the highest expected gain first, go to the strong one.
 */
public final class PairFigures {
  private static final double HALF = 0.5;
  private static final double MOST = 0.8;

  private final int[] order;
  private final double[] gains;

  /** Queries in the order of their expected gain; those not graded for both are left out. */
  public PairFigures(Judged judged, double[][] success, int weak, int strong) {
    this.order =
        IntStream.range(0, success.length)
            .filter(
                i ->
                    !Double.isNaN(judged.rewards()[i][weak])
                        && !Double.isNaN(judged.rewards()[i][strong]))
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> success[i][weak] - success[i][strong]))
            .mapToInt(i -> i)
            .toArray();
    this.gains =
        IntStream.of(order)
            .mapToDouble(i -> judged.rewards()[i][strong] - judged.rewards()[i][weak])
            .toArray();
  }

  /**
   * A pair's figures; NaN where the strong LLM is not better.
   *
   * @param apgr mean over the shares of calls to the strong LLM of the recovered share of the gap;
   *     random routing gives 0.5
   * @param cpt50 least share of calls to the strong LLM that recovers half of the gap
   * @param cpt80 the same for 80 %
   */
  public record Pair(double apgr, double cpt50, double cpt80) {}

  /** Of the queries as often as they are drawn. */
  public Pair of(int[] drawn) {
    double gap = 0;
    double calls = 0;
    for (int n = 0; n < order.length; n++) {
      gap += drawn[order[n]] * gains[n];
      calls += drawn[order[n]];
    }
    if (!(gap > 0)) {
      return new Pair(Double.NaN, Double.NaN, Double.NaN);
    }
    double area = 0;
    double recovered = 0;
    double asked = 0;
    double half = Double.NaN;
    double most = Double.NaN;
    for (int n = 0; n < order.length; n++) {
      int times = drawn[order[n]];
      double before = recovered;
      recovered += times * gains[n] / gap;
      area += times * (before + recovered) / 2;
      asked += times;
      half = Double.isNaN(half) && recovered >= HALF ? asked / calls : half;
      most = Double.isNaN(most) && recovered >= MOST ? asked / calls : most;
    }
    return new Pair(area / calls, half, most);
  }
}
