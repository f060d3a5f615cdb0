package dev.turnout.app.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.simulation.GradedQuery;
import java.util.Arrays;
import java.util.List;

/** What other ways of choosing would have earned on the very stream, as mean rewards. */
public record ReplayBaselines(
    @JsonProperty("best_single") double bestSingle,
    @JsonProperty("best_per_task") double bestPerTask,
    @JsonProperty("random") double random,
    @JsonProperty("oracle") double oracle) {

  static ReplayBaselines of(List<GradedQuery> stream) {
    int llms = stream.get(0).rewards().length;
    int tasks = 1 + stream.stream().mapToInt(GradedQuery::task).max().orElse(0);
    double[] single = new double[llms];
    double[][] byTask = new double[tasks][llms];
    double oracle = 0;
    double random = 0;
    for (GradedQuery query : stream) {
      for (int a = 0; a < llms; a++) {
        single[a] += query.rewards()[a];
        byTask[query.task()][a] += query.rewards()[a];
      }
      oracle += Arrays.stream(query.rewards()).max().orElse(0);
      random += Arrays.stream(query.rewards()).average().orElse(0);
    }
    double perTask = 0;
    for (double[] sums : byTask) {
      perTask += Arrays.stream(sums).max().orElse(0);
    }
    double n = stream.size();
    return new ReplayBaselines(
        Arrays.stream(single).max().orElse(0) / n, perTask / n, random / n, oracle / n);
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
