package dev.turnout.train.success;

import dev.turnout.model.Matrix;
import dev.turnout.model.SuccessPromise;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Sets the thresholds of a {@link SuccessPromise} where one LLM a query was chosen, with a known
 * probability, and graded. A promise is of all queries that an LLM would be trusted with; those
 * that it was asked are another lot. So each grade counts by the inverse of its probability, and a
 * test must bear that a few rare choices stand for many queries.
 *
 * <p>What holds: as in {@link PromiseFit}, at most the stated share of the trusted queries fails,
 * with a probability of at least {@code 1 - RISK} for each LLM and rate, if the probabilities are
 * those by which was chosen. They may depend on earlier grades.
 *
 * <p>Why: let Z be weight times (failure less what may fail) of a trusted query, 0 if another LLM
 * was chosen. If too many fail, Z has a mean of at least 0, and the product of (1 - bet * Z) over
 * the log, which no bet makes negative, has a mean of at most 1; so it reaches the inverse of a
 * level with no more than that level's probability (Ville 1939; testing by betting: Waudby-Smith
 * and Ramdas 2024). The mean over several bets is such a product too. Bets are bounded by the
 * rarest choice that was possible, whether made or not: an LLM that is hardly explored anywhere
 * needs thousands of grades before anything is promised of it.
 */
public final class LoggedPromiseFit {
  private static final double RISK = 0.1;
  private static final double[] STARTS = {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 1};
  private static final double LEVEL = RISK / STARTS.length;

  /** Shares of the largest bet that cannot lose everything. */
  private static final double[] BETS = {0.9, 0.5, 0.2, 0.05};

  private LoggedPromiseFit() {}

  /**
   * Fits thresholds.
   *
   * @param llm who was chosen
   * @param predicted success predicted for it when the query was held out
   * @param reward 0..1
   * @param weight inverse of the probability of the choice, >= 1
   * @param largest weight that any logged query could have given each LLM
   */
  public static SuccessPromise fit(
      int[] llm, double[] predicted, double[] reward, double[] weight, double[] largest) {
    float[][] thresholds = new float[largest.length][SuccessPromise.LEVELS];
    for (int t = 0; t < thresholds.length; t++) {
      int one = t;
      int[] order =
          IntStream.range(0, llm.length)
              .filter(i -> llm[i] == one)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -predicted[i]))
              .mapToInt(i -> i)
              .toArray();
      for (int c = 0; c < thresholds[t].length; c++) {
        double mayFail = 1 - (c + 1) / 100.0;
        thresholds[t][c] = threshold(order, mayFail, predicted, reward, weight, largest[t]);
      }
    }
    return new SuccessPromise(Matrix.of(thresholds));
  }

  private static float threshold(
      int[] order,
      double mayFail,
      double[] predicted,
      double[] reward,
      double[] weight,
      double largest) {
    boolean[] kept = new boolean[order.length];
    double[] wealth = new double[BETS.length];
    for (int k = 0; k < kept.length; k++) {
      int query = order[k];
      double beyond = weight[query] * (1 - reward[query] - mayFail);
      double mean = 0;
      for (int b = 0; b < BETS.length; b++) {
        double bet = BETS[b] / ((1 - mayFail) * largest);
        wealth[b] += Math.log1p(-bet * beyond);
        mean += Math.exp(wealth[b]) / BETS.length;
      }
      boolean together = k + 1 < kept.length && predicted[order[k + 1]] == predicted[query];
      // queries of equal prediction are trusted together or not at all
      kept[k] = mean >= 1 / LEVEL || together;
    }
    int furthest = -1;
    for (double start : STARTS) {
      int place = Math.max(furthest + 1, (int) Math.ceil(start * kept.length) - 1);
      int reached = furthest;
      while (place < kept.length && kept[place]) {
        boolean together =
            place + 1 < kept.length && predicted[order[place + 1]] == predicted[order[place]];
        reached = together ? reached : place;
        place++;
      }
      furthest = reached;
    }
    return furthest < 0 ? SuccessPromise.NEVER : atLeast(predicted[order[furthest]]);
  }

  private static float atLeast(double score) {
    float rounded = (float) score;
    return rounded < score ? Math.nextUp(rounded) : rounded;
  }
}
