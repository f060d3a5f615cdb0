package dev.turnout.app.replay;

import dev.turnout.policy.ThompsonPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scenario did to a replay, held against the truth and against undisturbed replays of the
 * same stream. Shares are 0..1, differences of rewards and accuracies in points.
 */
final class ScenarioFigures {
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
   * @param truth of the result's stream
   * @param twins undisturbed replays of it, as many as {@link ReplayOptions#twins} says
   */
  static Map<String, Double> of(
      ReplayOptions options, ReplayTruth truth, ReplayResult result, List<ReplayResult> twins) {
    ScenarioFigures scenario = new ScenarioFigures(options, result, twins);
    if (result.degraded() >= 0) {
      scenario.drift(truth);
    }
    if (result.late() >= 0) {
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
    int llm = result.degraded();
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
    int llm = result.late();
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
    ReplayResult twin = twins.get(0);
    figures.put("difference_mean_reward", points(result.meanReward(), twin.meanReward()));
    figures.put("difference_final_id", points(result.finalId(), twin.finalId()));
    figures.put("difference_final_ood", points(result.finalOod(), twin.finalOod()));
    if (twins.size() > 1) {
      ReplayResult again = twins.get(1);
      figures.put("noise_mean_reward", Math.abs(points(again.meanReward(), twin.meanReward())));
      figures.put("noise_final_id", Math.abs(points(again.finalId(), twin.finalId())));
      figures.put("noise_final_ood", Math.abs(points(again.finalOod(), twin.finalOod())));
    }
  }

  private static double points(double value, double other) {
    return 100 * (value - other);
  }
}
