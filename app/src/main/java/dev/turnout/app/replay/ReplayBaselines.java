package dev.turnout.app.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.simulation.GradedQuery;
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

  static ReplayBaselines of(ReplayTruth truth) {
    int llms = truth.llms();
    int tasks = 1 + truth.stream().stream().mapToInt(GradedQuery::task).max().orElse(0);
    double[][] byTask = new double[tasks][llms];
    double oracle = 0;
    double random = 0;
    for (int i = 0; i < truth.length(); i++) {
      for (int a = 0; a < llms; a++) {
        byTask[truth.task(i)][a] += truth.sum(a, i, i + 1);
      }
      oracle += Arrays.stream(truth.rewards(i)).max().orElse(0);
      random += Arrays.stream(truth.rewards(i)).average().orElse(0);
    }
    double perTask = 0;
    for (double[] sums : byTask) {
      perTask += Arrays.stream(sums).max().orElse(0);
    }
    double n = truth.length();
    return new ReplayBaselines(
        truth.sum(truth.bestSingle(), 0, truth.length()) / n, perTask / n, random / n, oracle / n);
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
