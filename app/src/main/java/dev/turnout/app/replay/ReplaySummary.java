package dev.turnout.app.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * All replays.
 *
 * @param llms LLM ids
 * @param results one a seed
 */
public record ReplaySummary(List<String> llms, List<ReplayResult> results) {

  /** The JSON object that {@code --json} prints: means over the seeds, rewards in percent. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mean_reward", 100 * mean(ReplayResult::meanReward));
    json.put("final_id", 100 * mean(ReplayResult::finalId));
    json.put("final_ood", 100 * mean(ReplayResult::finalOod));
    json.put("promotions", results.stream().mapToInt(ReplayResult::promotions).sum());
    json.put("rejections", results.stream().mapToInt(ReplayResult::rejections).sum());
    json.put(
        "estimators", EstimatorCheck.mean(results.stream().map(ReplayResult::estimators).toList()));
    json.put("baselines", percent());
    json.put("scenario", scenario());
    json.put("lost", results.stream().mapToInt(ReplayResult::lost).sum());
    json.put("seeds", results.stream().map(ReplaySummary::one).toList());
    json.put("seconds", results.stream().mapToDouble(ReplayResult::seconds).sum());
    return json;
  }

  private Map<String, Double> percent() {
    ReplayBaselines mean =
        ReplayBaselines.mean(results.stream().map(ReplayResult::baselines).toList());
    Map<String, Double> percent = new LinkedHashMap<>();
    percent.put("best_single", 100 * mean.bestSingle());
    percent.put("best_per_task", 100 * mean.bestPerTask());
    percent.put("random", 100 * mean.random());
    percent.put("oracle", 100 * mean.oracle());
    return percent;
  }

  private Map<String, Double> scenario() {
    Map<String, Double> mean = new TreeMap<>();
    for (ReplayResult result : results) {
      result
          .scenario()
          .forEach((name, value) -> mean.merge(name, value / results.size(), Double::sum));
    }
    return mean;
  }

  private static Map<String, Object> one(ReplayResult result) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("seed", result.seed());
    one.put("mean_reward", 100 * result.meanReward());
    one.put("best_single", 100 * result.baselines().bestSingle());
    one.put("final_id", 100 * result.finalId());
    one.put("final_ood", 100 * result.finalOod());
    one.put("promotions", result.promotions());
    one.put("rejections", result.rejections());
    one.put("events", result.events());
    return one;
  }

  private double mean(ToDoubleFunction<ReplayResult> figure) {
    return results.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
