package dev.turnout.belief;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What graded feedback says of every LLM in every cell of one model, beyond the model itself.
 *
 * @param modelVersion the model whose cells and predictions these refer to
 * @param llms LLM ids, columns of the arrays
 * @param correction what to add to the model's predicted success, {@code double[cells][llms]}; the
 *     cells of all banks one after the other, one row for a model without cells
 * @param deviation standard deviation of the corrected success, {@code double[cells][llms]}
 * @param count effective number of grades, {@code double[cells][llms]}
 * @param costUsd decayed mean cost of the LLM's answers in USD
 * @param latencyMs decayed mean latency of the LLM's answers in milliseconds
 * @param outputTokens decayed mean length of the LLM's answers in tokens
 * @param trust trust in graders, 0..1; who is missing is trusted
 * @param changes believed changes, most recent knowledge only
 * @param samples number of samples in the window
 */
public record Posteriors(
    String modelVersion,
    List<String> llms,
    double[][] correction,
    double[][] deviation,
    double[][] count,
    CellMeans costUsd,
    CellMeans latencyMs,
    CellMeans outputTokens,
    Map<String, Double> trust,
    List<Change> changes,
    int samples) {
  public Posteriors {
    llms = List.copyOf(llms);
    trust = new TreeMap<>(trust);
    changes = List.copyOf(changes);
  }

  /** What was learnt of answers whose lengths are unknown. */
  public Posteriors(
      String modelVersion,
      List<String> llms,
      double[][] correction,
      double[][] deviation,
      double[][] count,
      CellMeans costUsd,
      CellMeans latencyMs,
      Map<String, Double> trust,
      List<Change> changes,
      int samples) {
    this(
        modelVersion,
        llms,
        correction,
        deviation,
        count,
        costUsd,
        latencyMs,
        CellMeans.unknown(correction.length, llms.size()),
        trust,
        changes,
        samples);
  }

  /** The graders that are not wholly trusted, at most so many, the least trusted of them. */
  public Map<String, Double> distrusted(int most) {
    Map<String, Double> least = new TreeMap<>();
    trust.entrySet().stream()
        .filter(grader -> grader.getValue() < 1)
        .sorted(
            Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(grader -> least.put(grader.getKey(), grader.getValue()));
    return least;
  }

  /**
   * Effective number of grades of each LLM over all cells.
   *
   * @param banks of the model, each of which has every grade in one of its cells
   */
  public double[] answers(int banks) {
    double[] answers = new double[llms.size()];
    for (double[] cell : count) {
      for (int a = 0; a < answers.length; a++) {
        answers[a] += cell[a] / Math.max(1, banks);
      }
    }
    return answers;
  }

  /** Number of cells. */
  public int cells() {
    return correction.length;
  }

  /**
   * The model's predicted success with what was learnt since, kept strictly within 0..1. A query
   * lies in one cell of every bank; what they say is averaged.
   *
   * @param cells the query's cells as {@link dev.turnout.model.Scores#cells} gives them
   */
  public double success(int[] cells, int llm, double predicted) {
    double corrected = predicted + mean(correction, cells, llm);
    return Math.max(1e-3, Math.min(1 - 1e-3, corrected));
  }

  /**
   * Standard deviation of the corrected success.
   *
   * @param cells the query's cells as {@link dev.turnout.model.Scores#cells} gives them
   */
  public double deviation(int[] cells, int llm) {
    return mean(deviation, cells, llm);
  }

  private static double mean(double[][] rows, int[] cells, int llm) {
    if (cells.length == 0) {
      return rows[0][llm];
    }
    double sum = 0;
    for (int cell : cells) {
      sum += rows[cell][llm];
    }
    return sum / cells.length;
  }

  /** True when every number is bit-equal. */
  public boolean sameAs(Posteriors other) {
    return modelVersion.equals(other.modelVersion)
        && llms.equals(other.llms)
        && Arrays.deepEquals(correction, other.correction)
        && Arrays.deepEquals(deviation, other.deviation)
        && Arrays.deepEquals(count, other.count)
        && costUsd.sameAs(other.costUsd)
        && latencyMs.sameAs(other.latencyMs)
        && outputTokens.sameAs(other.outputTokens)
        && trust.equals(other.trust)
        && changes.equals(other.changes)
        && samples == other.samples;
  }
}
