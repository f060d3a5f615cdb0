package dev.turnout.lab.replay.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.lab.replay.ReplayLog;
import dev.turnout.lab.replay.ReplayTruth;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.Estimator;
import dev.turnout.offpolicy.LoggedChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Off-policy estimates held against the truth that only a replay knows: from the graded choices of
 * the stream's second half, what would each LLM alone have earned on it? The reward model of the
 * doubly-robust estimate is each LLM's mean over the graded choices of the first half.
 */
public final class EstimatorCheck {
  private EstimatorCheck() {}

  /**
   * How one estimator did.
   *
   * @param meanAbsoluteError over the LLMs, in reward
   * @param covered share of the 95 % intervals that hold the truth
   */
  public record Accuracy(
      @JsonProperty("mean_absolute_error") double meanAbsoluteError,
      @JsonProperty("covered") double covered) {}

  /** Checks all estimators. */
  static Map<String, Accuracy> of(ReplayResult result) {
    ReplayTruth truth = result.truth();
    ReplayLog log = result.log();
    int half = truth.length() / 2;
    int llms = truth.llms();
    double[] sum = new double[llms];
    double[] count = new double[llms];
    for (int i = 0; i < half; i++) {
      sum[log.chosen(i)] += log.reward(i);
      count[log.chosen(i)]++;
    }
    double[] modelled = new double[llms];
    for (int a = 0; a < llms; a++) {
      modelled[a] = (sum[a] + 0.5) / (count[a] + 1);
    }
    List<LoggedChoice> choices = new ArrayList<>();
    for (int i = half; i < truth.length(); i++) {
      choices.add(new LoggedChoice(log.chosen(i), log.reward(i), log.propensity(i), 1, modelled));
    }
    Map<String, Accuracy> accuracies = new TreeMap<>();
    for (Estimator estimator : Estimator.values()) {
      double error = 0;
      double covered = 0;
      for (int a = 0; a < llms; a++) {
        double earned = truth.sum(a, half, truth.length()) / (truth.length() - half);
        double[] always = new double[llms];
        always[a] = 1;
        double[][] target = new double[choices.size()][];
        Arrays.fill(target, always);
        Estimate estimate = estimator.estimate(choices, target, 0.95);
        error += Math.abs(estimate.value() - earned) / llms;
        covered += estimate.covers(earned) ? 1.0 / llms : 0;
      }
      accuracies.put(estimator.name().toLowerCase(Locale.ROOT), new Accuracy(error, covered));
    }
    return accuracies;
  }

  /** Mean over replays. */
  static Map<String, Accuracy> mean(List<Map<String, Accuracy>> all) {
    Map<String, Accuracy> mean = new TreeMap<>();
    for (Estimator estimator : Estimator.values()) {
      String name = estimator.name().toLowerCase(Locale.ROOT);
      double error = 0;
      double covered = 0;
      for (Map<String, Accuracy> each : all) {
        Accuracy accuracy = each.getOrDefault(name, new Accuracy(Double.NaN, Double.NaN));
        error += accuracy.meanAbsoluteError() / all.size();
        covered += accuracy.covered() / all.size();
      }
      mean.put(name, new Accuracy(error, covered));
    }
    return mean;
  }
}
