package dev.turnout.lab.eval.cascade;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.lab.eval.figure.FigureInterval;
import java.util.List;

/**
 * What cascades are worth on recorded answers.
 *
 * @param queries queries graded for every LLM, which alone are judged
 * @param folds number of folds
 * @param seeds number of seeds
 * @param strong the LLM with the best quality, which is escalated to
 * @param strongQuality its task average, percent
 * @param strongCostUsd its mean cost
 * @param oracleQuality task average of the best LLM of each query, percent
 * @param oracleCost cost of the cheapest LLM that is right, as a share of the strong one's
 * @param graderAccuracy share of right verdicts of the simulated grader
 * @param rows policies
 */
public record CascadeResult(
    int queries,
    int folds,
    int seeds,
    String strong,
    @JsonProperty("strong_quality") double strongQuality,
    @JsonProperty("strong_cost_usd") double strongCostUsd,
    @JsonProperty("oracle_quality") double oracleQuality,
    @JsonProperty("oracle_cost") double oracleCost,
    @JsonProperty("grader_accuracy") double graderAccuracy,
    List<Row> rows) {

  /**
   * One policy, its thresholds chosen on training folds for one aim.
   *
   * @param policy its name
   * @param aim share of the strong LLM's quality that training queries had to reach
   * @param quality task average, percent
   * @param difference from the strong LLM's quality, percentage points
   * @param cost as a share of the strong LLM's
   * @param calls LLMs asked for a query, mean
   */
  public record Row(
      String policy,
      double aim,
      FigureInterval quality,
      FigureInterval difference,
      FigureInterval cost,
      double calls) {}
}
