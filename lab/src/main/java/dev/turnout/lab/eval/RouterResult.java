package dev.turnout.lab.eval;

import java.util.List;
import java.util.Map;

/**
 * How one router or bound did, averaged over seeds.
 *
 * @param name name in tables and JSON
 * @param description what it is, one line
 * @param hindsight true for bounds, which look at the rewards of the routed queries
 * @param tasks task to accuracy in percent, tasks in distribution first
 * @param idAverage mean of the test tasks in percent
 * @param oodAverage mean of the out-of-distribution tasks in percent, NaN without such data
 * @param idBySeed average of each seed; one value when the seed does not matter
 * @param oodBySeed the same out of distribution
 * @param idRewards mean reward of each test query over the seeds
 * @param oodRewards mean reward of each out-of-distribution query over the seeds
 * @param shares LLM to share of the test queries
 * @param coverage share of the choices, in and out of distribution, that have a grade; the others
 *     do not count
 * @param fitSeconds mean seconds to fit
 */
public record RouterResult(
    String name,
    String description,
    boolean hindsight,
    Map<String, Double> tasks,
    double idAverage,
    double oodAverage,
    List<Double> idBySeed,
    List<Double> oodBySeed,
    double[] idRewards,
    double[] oodRewards,
    Map<String, Double> shares,
    double coverage,
    double fitSeconds) {

  /** Standard deviation over the seeds in percentage points; 0 for a single seed. */
  public static double spread(List<Double> bySeed) {
    double mean = bySeed.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    return bySeed.size() < 2
        ? 0
        : Math.sqrt(
            bySeed.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum() / (bySeed.size() - 1));
  }
}
