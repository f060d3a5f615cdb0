package dev.turnout.router.decide;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.QueryConstraints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What decides a query: the policy it names, else the router's own; without scores, the fallback.
 */
final class PolicyChoice {
  /** Takes the place of argmax once a tenant's budget has a price: argmax does not see costs. */
  private static final SelectionPolicy PRICED = Policies.named("weighted");

  private final Map<String, SelectionPolicy> policies;
  private final SelectionPolicy usual;
  private final @Nullable String fallbackLlm;

  /**
   * A choice among all policies.
   *
   * @param usual name of the router's own
   * @param temper of the policy that has one
   * @param fallbackLlm who answers when nothing can be scored; null for the best overall
   */
  PolicyChoice(String usual, double temper, @Nullable String fallbackLlm) {
    this.policies =
        Policies.names().stream()
            .collect(
                Collectors.toUnmodifiableMap(name -> name, name -> Policies.named(name, temper)));
    this.usual = Policies.named(usual, temper);
    this.fallbackLlm = fallbackLlm;
  }

  /**
   * The policy for a query.
   *
   * @param price predicted success that a saved US cent is worth to the tenant
   * @throws IllegalArgumentException if the query names a policy that is unknown
   */
  SelectionPolicy of(@Nullable QueryConstraints constraints, double price) {
    String named = constraints == null ? null : constraints.getPolicy();
    if (named == null) {
      return price > 0 && usual.name().equals("argmax") ? PRICED : usual;
    }
    SelectionPolicy policy = policies.get(named);
    if (policy == null) {
      throw new IllegalArgumentException("no policy is named \"" + named + "\"");
    }
    return policy;
  }

  /**
   * Selects for a query that could not be scored, with certainty: the LLM that answered its
   * conversation so far, else the configured fallback LLM, else the best overall, else the first.
   *
   * @param candidates at least one eligible; their predicted success is their overall success
   * @param previous position of the LLM that answered last; -1 when there is none
   * @param cause why the query could not be scored
   */
  Selection withoutScores(List<Candidate> candidates, int previous, Fallback cause) {
    Comparator<Integer> preference =
        Comparator.<Integer, Boolean>comparing(i -> !candidates.get(i).eligible())
            .thenComparing(i -> i != previous)
            .thenComparing(i -> !candidates.get(i).llm().equals(fallbackLlm))
            .thenComparing(i -> -candidates.get(i).predictedSuccess());
    List<Integer> order =
        new ArrayList<>(IntStream.range(0, candidates.size()).boxed().sorted(preference).toList());
    int chosen = order.get(0);
    double[] propensities = new double[candidates.size()];
    propensities[chosen] = 1;
    String llm = candidates.get(chosen).llm();
    String why =
        chosen == previous
            ? "answered the conversation so far"
            : llm.equals(fallbackLlm) ? "the configured fallback" : "the best overall";
    String because =
        cause == Fallback.NO_MODEL
            ? "no router model is loaded yet"
            : "the query could not be encoded";
    return new Selection(chosen, order, propensities, false, llm + ": " + why + ", as " + because);
  }
}
