package dev.turnout.offpolicy.savings;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sums over the choices of a part of the traffic. */
final class Stratum {
  private final Map<String, LlmSums> llms = new LinkedHashMap<>();
  private long choices;
  private double reward;
  private double cost;

  void add(PricedChoice choice) {
    choices++;
    reward += choice.reward();
    cost += choice.costUsd();
    int candidates = 0;
    for (double propensity : choice.propensities()) {
      candidates += propensity > 0 ? 1 : 0;
    }
    for (int a = 0; a < choice.llms().size(); a++) {
      double propensity = choice.propensities()[a];
      if (propensity > 0) {
        LlmSums sums = llms.computeIfAbsent(choice.llms().get(a), unused -> new LlmSums());
        sums.couldHave(choice, propensity, candidates);
        if (a == choice.llm()) {
          sums.did(choice, candidates);
        }
      }
    }
  }

  void add(Stratum other) {
    choices += other.choices;
    reward += other.reward;
    cost += other.cost;
    other.llms.forEach((llm, sums) -> llms.computeIfAbsent(llm, unused -> new LlmSums()).add(sums));
  }

  Map<String, LlmSums> llms() {
    return llms;
  }

  long choices() {
    return choices;
  }

  /** What was earned or paid. */
  double routed(Blend blend) {
    return blend.reward() * reward + blend.cost() * cost;
  }
}
