package dev.turnout.feedback;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What graded feedback says of every LLM in every cell of one model, beyond the model itself.
 *
 * @param modelVersion the model whose cells and predictions these refer to
 * @param llms LLM ids, columns of the arrays
 * @param correction what to add to the model's predicted success, {@code double[cells][llms]}
 * @param deviation standard deviation of the corrected success, {@code double[cells][llms]}
 * @param count effective number of grades, {@code double[cells][llms]}
 * @param costUsd mean cost of the LLM's answers in USD, {@code double[llms]}; NaN when unknown
 * @param latencyMs mean latency of the LLM's answers, {@code double[llms]}; NaN when unknown
 * @param trust trust in every grader, 0..1
 * @param changes believed changes, most recent knowledge only
 * @param samples number of samples in the window
 */
public record Posteriors(
    String modelVersion,
    List<String> llms,
    double[][] correction,
    double[][] deviation,
    double[][] count,
    double[] costUsd,
    double[] latencyMs,
    Map<String, Double> trust,
    List<Change> changes,
    int samples) {
  public Posteriors {
    llms = List.copyOf(llms);
    trust = new TreeMap<>(trust);
    changes = List.copyOf(changes);
  }

  /** Number of cells. */
  public int cells() {
    return correction.length;
  }

  /** The row of a model's cell: models without cells say -1 and have one row. */
  public int row(int cell) {
    return cell < 0 || cell >= correction.length ? 0 : cell;
  }

  /** The model's predicted success with what was learnt since, kept strictly within 0..1. */
  public double success(int cell, int llm, double predicted) {
    return Math.max(1e-3, Math.min(1 - 1e-3, predicted + correction[row(cell)][llm]));
  }

  /** True when every number is bit-equal. */
  public boolean sameAs(Posteriors other) {
    return modelVersion.equals(other.modelVersion)
        && llms.equals(other.llms)
        && Arrays.deepEquals(correction, other.correction)
        && Arrays.deepEquals(deviation, other.deviation)
        && Arrays.deepEquals(count, other.count)
        && Arrays.equals(costUsd, other.costUsd)
        && Arrays.equals(latencyMs, other.latencyMs)
        && trust.equals(other.trust)
        && changes.equals(other.changes)
        && samples == other.samples;
  }
}
