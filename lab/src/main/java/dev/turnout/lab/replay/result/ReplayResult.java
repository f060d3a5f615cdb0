package dev.turnout.lab.replay.result;

import dev.turnout.lab.replay.ReplayLog;
import dev.turnout.lab.replay.ReplayTruth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What became of one replay; rewards and accuracies are 0..1.
 *
 * @param seed seed of its stream
 * @param costWeight reward that a US cent is worth
 * @param truth what every LLM would have earned at every position
 * @param log what was decided and earned at every position
 * @param finalId accuracy of the learnt router on the test queries, mean over the tasks
 * @param finalOod the same on the out-of-distribution queries; NaN without any
 * @param promotions candidates that the gate promoted
 * @param rejections candidates that the gate rejected
 * @param scenario figures of the scenario by name
 * @param events promotions and rejections in words
 * @param seconds from the first query to the last decision
 */
public record ReplayResult(
    long seed,
    double costWeight,
    ReplayTruth truth,
    ReplayLog log,
    double finalId,
    double finalOod,
    int promotions,
    int rejections,
    Map<String, Double> scenario,
    List<String> events,
    double seconds) {
  private static final int TENTHS = 10;

  /** Mean reward while learning. */
  public double meanReward() {
    return Arrays.stream(log.rewards()).average().orElse(Double.NaN);
  }

  /** Log-loss of the predicted success of what was chosen, for every tenth of the stream. */
  public List<Double> successLogLoss() {
    int length = truth.length();
    return IntStream.range(0, TENTHS)
        .mapToObj(i -> log.logLoss(i * length / TENTHS, (i + 1) * length / TENTHS))
        .toList();
  }

  /** How far the expected costs of what was chosen were off, for every tenth of the stream. */
  public List<Double> costErrors() {
    int length = truth.length();
    return IntStream.range(0, TENTHS)
        .mapToObj(i -> log.costError(truth, i * length / TENTHS, (i + 1) * length / TENTHS))
        .toList();
  }

  /** Reward less cost; empty unless the cost of every answer is known. */
  public Optional<NetRewards> netRewards() {
    return NetRewards.of(truth, log, costWeight);
  }

  /** Queries without a decision. */
  public int lost() {
    return truth.length() - log.decided();
  }

  /** What other ways of choosing would have earned in the mean. */
  public Map<String, Double> baselines() {
    return BaselineRewards.of(truth).means();
  }

  /** Mean reward of one of the {@link BaselineRewards}. */
  public double baseline(String name) {
    return baselines().getOrDefault(name, Double.NaN);
  }

  /** This result with the figures of its scenario. */
  public ReplayResult withScenario(Map<String, Double> figures) {
    return new ReplayResult(
        seed,
        costWeight,
        truth,
        log,
        finalId,
        finalOod,
        promotions,
        rejections,
        figures,
        events,
        seconds);
  }
}
