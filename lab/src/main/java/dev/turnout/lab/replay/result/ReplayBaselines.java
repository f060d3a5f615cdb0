package dev.turnout.lab.replay.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;

/**
 * What other ways of choosing would have earned on the very stream, as mean rewards: the LLM that
 * is best over all of it, the best one for each task, any one that is there, the best one for each
 * query.
 */
public record ReplayBaselines(
    @JsonProperty("best_single") double bestSingle,
    @JsonProperty("best_per_task") double bestPerTask,
    @JsonProperty("random") double random,
    @JsonProperty("oracle") double oracle) {

  public static ReplayBaselines of(BaselineRewards rewards) {
    return new ReplayBaselines(
        mean(rewards.single()),
        mean(rewards.perTask()),
        mean(rewards.random()),
        mean(rewards.oracle()));
  }

  private static double mean(double[] rewards) {
    return Arrays.stream(rewards).average().orElse(Double.NaN);
  }

  /** Mean over replays. */
  static ReplayBaselines mean(List<ReplayBaselines> all) {
    return new ReplayBaselines(
        all.stream().mapToDouble(ReplayBaselines::bestSingle).average().orElse(Double.NaN),
        all.stream().mapToDouble(ReplayBaselines::bestPerTask).average().orElse(Double.NaN),
        all.stream().mapToDouble(ReplayBaselines::random).average().orElse(Double.NaN),
        all.stream().mapToDouble(ReplayBaselines::oracle).average().orElse(Double.NaN));
  }
}
