package dev.turnout.router.decide;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.schema.Fallback;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who answers a query that could not be scored: the configured fallback LLM, else the best overall,
 * else the first.
 */
final class FallbackChoice {
  private FallbackChoice() {}

  /**
   * Chooses with certainty.
   *
   * @param candidates at least one eligible; their predicted success is their overall success
   * @param configured id of the fallback LLM; null when none is configured
   * @param cause why the query could not be scored
   */
  static Selection of(List<Candidate> candidates, @Nullable String configured, Fallback cause) {
    Comparator<Integer> preference =
        Comparator.<Integer, Boolean>comparing(i -> !candidates.get(i).eligible())
            .thenComparing(i -> !candidates.get(i).llm().equals(configured))
            .thenComparing(i -> -candidates.get(i).predictedSuccess());
    List<Integer> order =
        new ArrayList<>(IntStream.range(0, candidates.size()).boxed().sorted(preference).toList());
    int chosen = order.get(0);
    double[] propensities = new double[candidates.size()];
    propensities[chosen] = 1;
    Candidate winner = candidates.get(chosen);
    String why = winner.llm().equals(configured) ? "the configured fallback" : "the best overall";
    String because =
        cause == Fallback.NO_MODEL
            ? "no router model is loaded yet"
            : "the query could not be encoded";
    return new Selection(
        chosen, order, propensities, false, winner.llm() + ": " + why + ", as " + because);
  }
}
