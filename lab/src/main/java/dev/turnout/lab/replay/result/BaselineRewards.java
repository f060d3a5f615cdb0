package dev.turnout.lab.replay.result;

import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.replay.ReplayTruth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What other ways of choosing would have earned at every position of a stream: the LLM that is best
 * over all of it, the best one for each task, any one that is there in the mean, and the best one
 * for each query.
 *
 * @param byName way of choosing, in words, to its rewards
 */
public record BaselineRewards(Map<String, double[]> byName) {
  /** The LLM that is best over all of the stream. */
  public static final String BEST_SINGLE = "best single";

  /** The best LLM for each task. */
  public static final String BEST_PER_TASK = "best per task";

  /** Any LLM that is there. */
  public static final String RANDOM = "random";

  /** The best LLM for each query. */
  public static final String ORACLE = "oracle";

  public static BaselineRewards of(ReplayTruth truth) {
    int best = truth.bestSingle();
    int[] bestByTask =
        Arrays.stream(truth.sumsByTask(0, truth.length())).mapToInt(Rewards::best).toArray();
    Map<String, double[]> rewards = new LinkedHashMap<>();
    rewards.put(BEST_SINGLE, each(truth, i -> truth.sum(best, i, i + 1)));
    rewards.put(BEST_PER_TASK, each(truth, i -> truth.sum(bestByTask[truth.task(i)], i, i + 1)));
    rewards.put(RANDOM, each(truth, i -> Arrays.stream(truth.rewards(i)).average().orElse(0)));
    rewards.put(ORACLE, each(truth, i -> Arrays.stream(truth.rewards(i)).max().orElse(0)));
    return new BaselineRewards(rewards);
  }

  private static double[] each(ReplayTruth truth, IntToDoubleFunction reward) {
    return IntStream.range(0, truth.length()).mapToDouble(reward).toArray();
  }

  /** Mean reward of each way of choosing. */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    byName.forEach(
        (name, rewards) -> means.put(name, Arrays.stream(rewards).average().orElse(Double.NaN)));
    return means;
  }
}
