package dev.turnout.console.why;

import dev.turnout.belief.Posteriors;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.math.ArgmaxProbability;
import dev.turnout.math.Student;
import dev.turnout.schema.LlmScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The LLM that answers a cell's queries best, whatever it costs.
 *
 * @param success predicted share of right answers, what graded feedback had added when it was
 *     decided among it; the mean over the cell's queries
 * @param deviation standard deviation of that, by graded feedback; NaN without any, like {@code
 *     sure}
 * @param sure probability that no other LLM is better
 * @param grades of its answers among the cell's queries
 * @param reward mean of these grades; NaN without any
 * @param error half of the 95 % interval of that mean; NaN for fewer than two grades
 */
record BestOfCell(
    String llm,
    double success,
    double deviation,
    double sure,
    int grades,
    double reward,
    double error) {
  private static final double CONFIDENCE = 0.95;

  private static final class Mean {
    private double sum;
    private int count;

    private double value() {
      return sum / count;
    }
  }

  /**
   * The best by what was predicted for queries of one cell; empty if nothing was.
   *
   * @param posteriors of the model that decided; null without any
   */
  static Optional<BestOfCell> of(
      List<SeenQuery> queries, int cell, @Nullable Posteriors posteriors) {
    Map<String, Mean> predicted = new TreeMap<>();
    for (SeenQuery query : queries) {
      for (LlmScore score : query.decision().getRanking()) {
        if (Double.isFinite(score.getPredictedSuccess())) {
          Mean mean = predicted.computeIfAbsent(score.getLlm(), unused -> new Mean());
          mean.sum += score.getPredictedSuccess();
          mean.count++;
        }
      }
    }
    List<String> llms = List.copyOf(predicted.keySet());
    double[] means = predicted.values().stream().mapToDouble(Mean::value).toArray();
    if (means.length == 0) {
      return Optional.empty();
    }
    int best = 0;
    for (int i = 1; i < means.length; i++) {
      best = means[i] > means[best] ? i : best;
    }
    double[] deviations =
        llms.stream().mapToDouble(llm -> deviation(llm, cell, posteriors)).toArray();
    return Optional.of(
        graded(
            queries, llms.get(best), means[best], deviations[best], sure(means, deviations, best)));
  }

  private static double deviation(String llm, int cell, @Nullable Posteriors posteriors) {
    int column = posteriors == null ? -1 : posteriors.llms().indexOf(llm);
    return posteriors == null || column < 0 || cell < 0 || cell >= posteriors.cells()
        ? Double.NaN
        : posteriors.deviation()[cell][column];
  }

  /** Among those of which something is known. */
  private static double sure(double[] means, double[] deviations, int best) {
    List<Integer> known = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      if (deviations[i] >= 0 && Double.isFinite(deviations[i])) {
        known.add(i);
      }
    }
    int place = known.indexOf(best);
    if (place < 0) {
      return Double.NaN;
    }
    return ArgmaxProbability.of(
        known.stream().mapToDouble(i -> means[i]).toArray(),
        known.stream().mapToDouble(i -> deviations[i]).toArray())[place];
  }

  private static BestOfCell graded(
      List<SeenQuery> queries, String llm, double success, double deviation, double sure) {
    double[] rewards =
        queries.stream()
            .mapToDouble(query -> query.reward(llm))
            .filter(reward -> !Double.isNaN(reward))
            .toArray();
    double mean = 0;
    for (double reward : rewards) {
      mean += reward / rewards.length;
    }
    double squares = 0;
    for (double reward : rewards) {
      squares += (reward - mean) * (reward - mean);
    }
    int n = rewards.length;
    double error =
        n < 2 ? Double.NaN : Student.twoSided(CONFIDENCE, n - 1) * Math.sqrt(squares / (n - 1) / n);
    return new BestOfCell(llm, success, deviation, sure, n, n == 0 ? Double.NaN : mean, error);
  }
}
