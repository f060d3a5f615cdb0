package dev.turnout.lab.replay.result;

import dev.turnout.lab.replay.ReplayLog;
import java.util.List;
import java.util.Map;

/**
 * What became of one replay; rewards and accuracies are 0..1.
 *
 * @param seed seed of its stream
 * @param meanReward mean reward while learning
 * @param finalId accuracy of the learnt router on the test queries, mean over the tasks
 * @param finalOod the same on the out-of-distribution queries; NaN without any
 * @param promotions candidates that the gate promoted
 * @param rejections candidates that the gate rejected
 * @param lost queries without a decision
 * @param estimators accuracy of the off-policy estimators by name
 * @param baselines what other ways of choosing would have earned in the mean
 * @param log what was decided and earned at every position
 * @param degraded LLM that degraded half-way; -1 for none
 * @param late LLM that appeared half-way; -1 for none
 * @param scenario figures of the scenario by name
 * @param rewards reward at every position
 * @param others what other ways of choosing would have earned at every position
 * @param shares share of each LLM per tenth of the stream, {@code double[10][llms]}
 * @param events promotions and rejections in words
 * @param seconds from the first query to the last decision
 */
public record ReplayResult(
    long seed,
    double meanReward,
    double finalId,
    double finalOod,
    int promotions,
    int rejections,
    int lost,
    Map<String, EstimatorCheck.Accuracy> estimators,
    ReplayBaselines baselines,
    ReplayLog log,
    int degraded,
    int late,
    Map<String, Double> scenario,
    double[] rewards,
    BaselineRewards others,
    double[][] shares,
    List<String> events,
    double seconds) {

  /** This result with the figures of its scenario. */
  public ReplayResult withScenario(Map<String, Double> figures) {
    return new ReplayResult(
        seed,
        meanReward,
        finalId,
        finalOod,
        promotions,
        rejections,
        lost,
        estimators,
        baselines,
        log,
        degraded,
        late,
        figures,
        rewards,
        others,
        shares,
        events,
        seconds);
  }
}
