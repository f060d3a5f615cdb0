package dev.turnout.policy.session;

import dev.turnout.policy.Candidate;
import dev.turnout.policy.Decimals;
import dev.turnout.policy.Selection;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Keeps the LLM of a conversation unless another policy's choice gains more than switching costs.
 *
 * <p>The other policy chooses first. Its choice stands when it is the incumbent, or when its
 * utility (predicted success less what cost and latency are worth to the query) exceeds the
 * incumbent's by more than switching to it costs: the {@link SwitchingTerms#gain} plus what reading
 * the conversation anew takes in money and time. Any other choice falls to the incumbent.
 *
 * <p>Which choices fall to the incumbent depends on the candidates alone, never on chance. So the
 * propensities stay exact: an LLM that would not be switched to has 0, the incumbent its own share
 * and theirs, all others what the policy gave them. This holds for exploration too: a conversation
 * explores only where switching would pay anyway, and a floor falls to the incumbent elsewhere. An
 * incumbent that may not answer keeps nobody from being chosen.
 */
public final class KeepingPolicy implements SelectionPolicy {
  private final SelectionPolicy policy;
  private final Incumbent incumbent;
  private final SwitchingTerms terms;

  /**
   * @param policy chooses first, and gives this one its name
   */
  public KeepingPolicy(SelectionPolicy policy, Incumbent incumbent, SwitchingTerms terms) {
    this.policy = policy;
    this.incumbent = incumbent;
    this.terms = terms;
  }

  @Override
  public String name() {
    return policy.name();
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    Selection free = policy.select(request, random);
    List<Candidate> candidates = request.candidates();
    int previous = incumbent.candidate();
    if (!candidates.get(previous).eligible()) {
      return free;
    }
    double[] propensities = new double[candidates.size()];
    for (int i = 0; i < propensities.length; i++) {
      propensities[stands(request, i) ? i : previous] += free.propensities()[i];
    }
    int wanted = free.order().get(0);
    List<Integer> order = stands(request, wanted) ? free.order() : first(previous, free.order());
    int chosen = stands(request, free.chosen()) ? free.chosen() : previous;
    return new Selection(
        chosen,
        order,
        propensities,
        chosen != order.get(0),
        free.reason() + words(request, free.chosen()));
  }

  /** Whether a choice of the other policy stands. */
  private boolean stands(SelectionRequest request, int choice) {
    return choice == incumbent.candidate() || gain(request, choice) > cost(request, choice);
  }

  /** Utility of a choice beyond the incumbent's; what is unknown of either counts as equal. */
  private double gain(SelectionRequest request, int choice) {
    Candidate other = request.candidates().get(choice);
    Candidate own = request.candidates().get(incumbent.candidate());
    return other.predictedSuccess()
        - own.predictedSuccess()
        - request.costWeight() * 100 * difference(other.expectedCostUsd(), own.expectedCostUsd())
        - request.latencyWeight()
            * difference(other.expectedLatencyMs(), own.expectedLatencyMs())
            / 1000;
  }

  /** What a switch must gain; expected costs have the prefix's at the query's own weight. */
  private double cost(SelectionRequest request, int choice) {
    double usd = incumbent.switchCostUsd()[choice];
    double beyond = Math.max(0, terms.costWeight() - request.costWeight());
    double cents = Double.isNaN(usd) ? 0 : 100 * Math.max(0, usd);
    double second = Math.max(terms.latencyWeight(), request.latencyWeight());
    return terms.gain()
        + beyond * cents
        + second * SwitchingTerms.readingSeconds(incumbent.prefixTokens());
  }

  private static double difference(double a, double b) {
    double difference = a - b;
    return Double.isNaN(difference) ? 0 : difference;
  }

  private static List<Integer> first(int candidate, List<Integer> order) {
    List<Integer> moved = new ArrayList<>(order.size());
    moved.add(candidate);
    for (int each : order) {
      if (each != candidate) {
        moved.add(each);
      }
    }
    return List.copyOf(moved);
  }

  private String words(SelectionRequest request, int choice) {
    String previous = request.candidates().get(incumbent.candidate()).llm();
    if (choice == incumbent.candidate()) {
      return "; it answered the conversation so far";
    }
    String gain = Decimals.fixed(gain(request, choice), 3);
    String cost = Decimals.fixed(cost(request, choice), 3);
    return stands(request, choice)
        ? "; takes over from "
            + previous
            + ", as a gain of "
            + gain
            + " beats the "
            + cost
            + " of switching"
        : "; but "
            + previous
            + " is kept, as a gain of "
            + gain
            + " does not beat the "
            + cost
            + " of switching";
  }
}
