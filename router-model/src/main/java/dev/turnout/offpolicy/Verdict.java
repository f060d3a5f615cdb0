package dev.turnout.offpolicy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the gate says of a candidate.
 *
 * @param promote true when the candidate may serve
 * @param reason the verdict in words
 * @param candidate doubly-robust estimate of the candidate's mean reward
 * @param serving doubly-robust estimate of the serving model's mean reward
 * @param difference candidate minus serving by each estimator
 */
public record Verdict(
    boolean promote,
    String reason,
    Estimate candidate,
    Estimate serving,
    Map<Estimator, Estimate> difference) {
  public Verdict {
    difference = Map.copyOf(difference);
  }

  /** Candidate minus serving by one estimator. */
  public Estimate difference(Estimator estimator) {
    return Objects.requireNonNull(
        difference.get(estimator), () -> "the gate made no estimate by " + estimator);
  }

  /** The verdict as key-value pairs for a model's report, in a fixed order. */
  public Map<String, String> report() {
    Map<String, String> report = new LinkedHashMap<>();
    report.put("gate.verdict", promote ? "promoted" : "rejected");
    report.put("gate.reason", reason);
    put(report, "gate.candidate", candidate);
    put(report, "gate.serving", serving);
    for (Estimator estimator : Estimator.values()) {
      Estimate estimate = difference.get(estimator);
      if (estimate != null) {
        put(report, "gate.difference." + estimator.name().toLowerCase(Locale.ROOT), estimate);
      }
    }
    return report;
  }

  private static void put(Map<String, String> report, String key, Estimate estimate) {
    report.put(
        key,
        String.format(
            Locale.ROOT,
            "%.4f [%.4f, %.4f] ess=%.0f n=%d",
            estimate.value(),
            estimate.lower(),
            estimate.upper(),
            estimate.effectiveSampleSize(),
            estimate.samples()));
  }
}
