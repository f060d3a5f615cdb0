package dev.turnout.lab.replay.result;

import dev.turnout.lab.replay.ReplayOptions;
import dev.turnout.lab.replay.ReplayTruth;
import dev.turnout.policy.ThompsonPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What a scenario did to a replay, held against the truth and against undisturbed replays of the
 * same stream. Shares are 0..1, differences of rewards and accuracies in points.
 */
public final class ScenarioFigures {
  private final ReplayOptions options;
  private final ReplayResult result;
  private final List<ReplayResult> twins;
  private final Map<String, Double> figures = new TreeMap<>();

  private ScenarioFigures(ReplayOptions options, ReplayResult result, List<ReplayResult> twins) {
    this.options = options;
    this.result = result;
    this.twins = twins;
  }

  /**
   * All figures by name.
   *
   * @param twins undisturbed replays of it, as many as {@link ReplayOptions#twins} says
   */
  public static Map<String, Double> of(
      ReplayOptions options, ReplayResult result, List<ReplayResult> twins) {
    ScenarioFigures scenario = new ScenarioFigures(options, result, twins);
    ReplayTruth truth = result.truth();
    if (truth.degraded() >= 0) {
      scenario.drift(truth);
    }
    if (truth.late() >= 0) {
      scenario.newLlm(truth);
    }
    if (!twins.isEmpty()) {
      scenario.against();
    }
    return scenario.figures;
  }

  /** Position by which so many queries were graded since the middle. */
  private int afterGrades(ReplayTruth truth, int grades) {
    int past = options.delay() + (int) Math.round(grades / (1 - options.loss()));
    return Math.min(truth.length(), truth.length() / 2 + past);
  }

  private void drift(ReplayTruth truth) {
    int half = truth.length() / 2;
    int llm = truth.degraded();
    int from = afterGrades(truth, 500);
    int to = Math.min(truth.length(), from + 500);
    double before = result.log().share(llm, Math.max(0, half - 500), half);
    double after = result.log().share(llm, from, to);
    double right =
        truth.shareOfTasks(llm, half, truth.length()) + ThompsonPolicy.DEFAULT_FLOOR / truth.llms();
    figures.put("degraded_share_before", before);
    figures.put("degraded_share_after_500_graded", after);
    figures.put("degraded_right_share", right);
    figures.put("degraded_wrong_share_lost", lost(before, after, right));
  }

  /** Share of what was wrong that is gone, from 0 to 1 or a little beyond. */
  static double lost(double before, double after, double right) {
    return before <= right ? 1 : (before - after) / (before - right);
  }

  private void newLlm(ReplayTruth truth) {
    int llm = truth.late();
    int from = afterGrades(truth, 1_000);
    int to = Math.min(truth.length(), from + 1_000);
    double share = result.log().share(llm, from, to);
    double right = twins.get(0).log().share(llm, from, to);
    figures.put("new_llm_share_after_1000_graded", share);
    figures.put("new_llm_right_share", right);
    figures.put("new_llm_right_share_reached", right > 0 ? share / right : 1);
    figures.put(
        "new_llm_share_at_the_end",
        result.log().share(llm, truth.length() - truth.length() / 8, truth.length()));
  }

  private void against() {
    against("mean_reward", ReplayResult::meanReward);
    against("final_id", ReplayResult::finalId);
    against("final_ood", ReplayResult::finalOod);
  }

  /** The difference to the mean of the twins, and beside it what two twins differ by. */
  private void against(String name, ToDoubleFunction<ReplayResult> figure) {
    double usual = twins.stream().mapToDouble(figure).average().orElse(Double.NaN);
    figures.put("difference_" + name, points(figure.applyAsDouble(result), usual));
    if (twins.size() > 1) {
      double one = figure.applyAsDouble(twins.get(0));
      double other = figure.applyAsDouble(twins.get(1));
      figures.put("noise_" + name, Math.abs(points(other, one)));
    }
  }

  private static double points(double value, double other) {
    return 100 * (value - other);
  }
}
