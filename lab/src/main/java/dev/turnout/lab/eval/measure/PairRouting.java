package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Routing between a weak and a strong LLM as RouteLLM measures it (Ong et al. 2024).
 *
 * @param weak id of the LLM with the lower quality
 * @param strong id of the LLM with the higher quality
 * @param apgr average performance gap recovered: mean over the shares of calls to the strong LLM of
 *     (quality - weak) / (strong - weak); random routing gives 0.5
 * @param cpt50 least share of calls to the strong LLM that recovers half of the gap
 * @param cpt80 the same for 80 % of the gap
 */
public record PairRouting(String weak, String strong, double apgr, double cpt50, double cpt80) {

  /**
   * Sends the queries with the highest expected gain to the strong LLM, more and more of them.
   *
   * @param scores expected success, {@code double[queries][llms]}
   */
  public static PairRouting of(EncodedQueries queries, double[][] scores, int weak, int strong) {
    int[] order =
        IntStream.range(0, scores.length)
            .filter(
                i -> {
                  double[] rewards = queries.queries().get(i).rewards();
                  return !Double.isNaN(rewards[weak]) && !Double.isNaN(rewards[strong]);
                })
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> scores[i][weak] - scores[i][strong]))
            .mapToInt(i -> i)
            .toArray();
    double gap = 0;
    for (int i : order) {
      gap += gain(queries, i, weak, strong);
    }
    double area = 0;
    double recovered = 0;
    double half = Double.NaN;
    double most = Double.NaN;
    for (int n = 0; n < order.length; n++) {
      double before = recovered;
      recovered += gain(queries, order[n], weak, strong);
      area += (before + recovered) / (2 * gap * order.length);
      double share = (n + 1.0) / order.length;
      half = Double.isNaN(half) && recovered / gap >= 0.5 ? share : half;
      most = Double.isNaN(most) && recovered / gap >= 0.8 ? share : most;
    }
    return new PairRouting(queries.llms().get(weak), queries.llms().get(strong), area, half, most);
  }

  private static double gain(EncodedQueries queries, int query, int weak, int strong) {
    double[] rewards = queries.queries().get(query).rewards();
    return rewards[strong] - rewards[weak];
  }
}
