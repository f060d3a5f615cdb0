package dev.turnout.lab.replay.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    if (results.size() > 1) {
      json.put("mean_reward_standard_error", 100 * standardError(ReplayResult::meanReward));
      json.put("final_id_standard_error", 100 * standardError(ReplayResult::finalId));
      json.put("final_ood_standard_error", 100 * standardError(ReplayResult::finalOod));
    }
    json.put("promotions", results.stream().mapToInt(ReplayResult::promotions).sum());
    json.put("rejections", results.stream().mapToInt(ReplayResult::rejections).sum());
    json.put("estimators", EstimatorCheck.mean(results.stream().map(EstimatorCheck::of).toList()));
    json.put("baselines", baselines());
    if (!netRewards().isEmpty()) {
      json.put("net_reward", netRewards());
    }
    json.put("scenario", scenario());
    json.put("lost", results.stream().mapToInt(ReplayResult::lost).sum());
    json.put("seeds", results.stream().map(ReplaySummary::one).toList());
    json.put("seconds", results.stream().mapToDouble(ReplayResult::seconds).sum());
    return json;
  }

  private Map<String, Double> baselines() {
    Map<String, Double> percent = new LinkedHashMap<>();
    for (ReplayResult result : results) {
      result
          .baselines()
          .forEach(
              (name, mean) ->
                  percent.merge(name.replace(' ', '_'), 100 * mean / results.size(), Double::sum));
    }
    return percent;
  }

  /** Reward less cost, in percent; empty unless costs are known. */
  private Map<String, Double> netRewards() {
    Map<String, Double> percent = new LinkedHashMap<>();
    for (ReplayResult result : results) {
      result
          .netRewards()
          .ifPresent(
              net ->
                  net.means()
                      .forEach(
                          (name, mean) ->
                              percent.merge(name, 100 * mean / results.size(), Double::sum)));
    }
    return percent;
  }

  /** Means of the scenario's figures over the streams and, of several, their standard errors. */
  private Map<String, Double> scenario() {
    Map<String, Double> scenario = new TreeMap<>();
    for (String name : results.isEmpty() ? Set.<String>of() : results.get(0).scenario().keySet()) {
      ToDoubleFunction<ReplayResult> figure =
          result -> result.scenario().getOrDefault(name, Double.NaN);
      scenario.put(name, mean(figure));
      if (results.size() > 1) {
        scenario.put(name + "_standard_error", standardError(figure));
      }
    }
    return scenario;
  }

  private static Map<String, Object> one(ReplayResult result) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("seed", result.seed());
    one.put("mean_reward", 100 * result.meanReward());
    one.put("best_single", 100 * result.baseline(BaselineRewards.BEST_SINGLE));
    one.put("final_id", 100 * result.finalId());
    one.put("final_ood", 100 * result.finalOod());
    one.put("success_log_loss", result.successLogLoss());
    one.put("cost_relative_error", result.costErrors());
    result
        .netRewards()
        .ifPresent(
            net -> {
              one.put("cost_weight", result.costWeight());
              one.put("net_reward", net.tenthsPercent());
            });
    one.put("promotions", result.promotions());
    one.put("rejections", result.rejections());
    one.put("events", result.events());
    return one;
  }

  private double mean(ToDoubleFunction<ReplayResult> figure) {
    return results.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /** Of the mean over the streams; at least two. */
  private double standardError(ToDoubleFunction<ReplayResult> figure) {
    double mean = mean(figure);
    double squares =
        results.stream().mapToDouble(figure).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (results.size() - 1) / results.size());
  }
}
