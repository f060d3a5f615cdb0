package dev.turnout.train.success;

import dev.turnout.model.Matrix;
import dev.turnout.model.SuccessPromise;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Sets the thresholds of a {@link SuccessPromise} by testing them (Learn then Test, Angelopoulos et
 * al. 2021).
 *
 * <p>What holds: for each LLM and rate, with a probability of at least {@code 1 - RISK} over the
 * draw of the held-out queries, the share of failures among new queries at or above the threshold
 * is at most what the rate leaves. It holds for any predictor and any distribution, as long as
 * held-out and new queries are drawn alike and independently.
 *
 * <p>Why: each threshold is a hypothesis "too many fail above it", rejected by an exact binomial
 * test where answers are right or wrong and by Hoeffding's bound where grades lie between. Walks
 * begin at a sixteenth, an eighth, a quarter, a half and all of the queries, most trusted first,
 * and take in more queries until a test fails; each walk has a fifth of the risk. A walk that stops
 * at its first failure needs no correction for its length, and so no threshold passes by having
 * been one of many.
 */
public final class PromiseFit {
  private static final double RISK = 0.1;
  private static final double[] STARTS = {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 1};
  private static final double LEVEL = RISK / STARTS.length;

  /** Places on the way from few trusted queries to all. */
  private static final int STEPS = 400;

  private PromiseFit() {}

  /**
   * The queries at or above a threshold.
   *
   * @param queries how many, or as many of equal weight as say as much
   * @param failed share that failed, 0..1
   */
  private record Trusted(float threshold, double queries, double failed) {}

  /**
   * Fits thresholds.
   *
   * @param predicted success predicted for queries that were held out, {@code
   *     double[queries][llms]}
   * @param rewards {@code float[queries][llms]}, 0..1; what is missing to 1 is failure; NaN = not
   *     graded
   * @param weights importance of each query
   */
  public static SuccessPromise fit(double[][] predicted, float[][] rewards, double[] weights) {
    int llms = rewards[0].length;
    float[][] thresholds = new float[llms][SuccessPromise.LEVELS];
    for (int t = 0; t < llms; t++) {
      Trusted[] places = places(t, predicted, rewards, weights);
      boolean binary = isBinary(t, rewards);
      for (int c = 0; c < thresholds[t].length; c++) {
        thresholds[t][c] = threshold(places, 1 - (c + 1) / 100.0, binary);
      }
    }
    return new SuccessPromise(Matrix.of(thresholds));
  }

  /** From few trusted queries to all. */
  private static Trusted[] places(
      int llm, double[][] predicted, float[][] rewards, double[] weights) {
    int[] order =
        IntStream.range(0, rewards.length)
            .filter(i -> !Float.isNaN(rewards[i][llm]) && weights[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -predicted[i][llm]))
            .mapToInt(i -> i)
            .toArray();
    int stride = Math.max(1, order.length / STEPS);
    Trusted[] places = new Trusted[order.length];
    int count = 0;
    double failed = 0;
    double weight = 0;
    double squares = 0;
    int since = 0;
    for (int k = 0; k < order.length; k++) {
      int query = order[k];
      failed += weights[query] * (1 - rewards[query][llm]);
      weight += weights[query];
      squares += weights[query] * weights[query];
      double score = predicted[query][llm];
      boolean last = k + 1 == order.length;
      since++;
      if (last || (since >= stride && predicted[order[k + 1]][llm] < score)) {
        places[count++] = new Trusted(atLeast(score), weight * weight / squares, failed / weight);
        since = 0;
      }
    }
    return Arrays.copyOf(places, count);
  }

  private static boolean isBinary(int llm, float[][] rewards) {
    return Arrays.stream(rewards)
        .allMatch(row -> Float.isNaN(row[llm]) || row[llm] == 0 || row[llm] == 1);
  }

  /** The lowest threshold that a walk reaches; {@link SuccessPromise#NEVER} if none begins. */
  private static float threshold(Trusted[] places, double mayFail, boolean binary) {
    int furthest = -1;
    for (double start : STARTS) {
      int place = Math.max(furthest + 1, (int) Math.ceil(start * places.length) - 1);
      while (place < places.length && isKept(places[place], mayFail, binary)) {
        furthest = place++;
      }
    }
    return furthest < 0 ? SuccessPromise.NEVER : places[furthest].threshold();
  }

  private static boolean isKept(Trusted trusted, double mayFail, boolean binary) {
    if (trusted.failed() >= mayFail) {
      return false;
    }
    double bound = Math.exp(-trusted.queries() * divergence(trusted.failed(), mayFail));
    if (bound <= LEVEL || !binary) {
      return bound <= LEVEL;
    }
    int queries = (int) Math.floor(trusted.queries());
    int failures = (int) Math.ceil(trusted.failed() * queries - 1e-9);
    return BinomialDistribution.of(queries, mayFail).cumulativeProbability(failures) <= LEVEL;
  }

  /** Kullback and Leibler's, of two coins. */
  private static double divergence(double seen, double assumed) {
    double ofFailures = seen == 0 ? 0 : seen * Math.log(seen / assumed);
    return ofFailures + (1 - seen) * Math.log((1 - seen) / (1 - assumed));
  }

  private static float atLeast(double score) {
    float rounded = (float) score;
    return rounded < score ? Math.nextUp(rounded) : rounded;
  }
}
