package dev.turnout.lab.eval.cascade;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to serve queries.
 *
 * @param name in tables and JSON
 * @param candidates every setting of it that training queries allow, to choose from
 */
record CascadePolicy(String name, Candidates candidates) {
  /** Settings of a policy. */
  @FunctionalInterface
  interface Candidates {
    /**
     * The settings to choose from.
     *
     * @param train what may be fitted on
     * @param strong the LLM that is escalated to
     */
    List<Setting> of(Recorded train, int strong);
  }

  /** A policy that is ready to serve. */
  @FunctionalInterface
  interface Setting {
    Served serve(Recorded queries);
  }

  /**
   * For each aim, a share of the strong LLM's quality, the cheapest setting that reaches it on the
   * training queries; everything to the strong LLM where none does.
   */
  List<Setting> chosen(Recorded train, int strong, List<Double> aims) {
    double whole = train.quality(train.earned(strong));
    List<Setting> best = new ArrayList<>();
    double[] least = new double[aims.size()];
    for (int a = 0; a < least.length; a++) {
      best.add(always(strong));
      least[a] = train.meanCost(strong);
    }
    for (Setting setting : candidates.of(train, strong)) {
      Served served = setting.serve(train);
      double cost = served.meanCost();
      double quality = train.quality(served.rewards());
      for (int a = 0; a < least.length; a++) {
        if (cost < least[a] && quality >= aims.get(a) * whole) {
          best.set(a, setting);
          least[a] = cost;
        }
      }
    }
    return best;
  }

  /** Everything to one LLM. */
  static Setting always(int llm) {
    return queries -> {
      Served served = Served.of(queries.size());
      for (int i = 0; i < queries.size(); i++) {
        served.set(i, queries.rewards()[i][llm], queries.costs()[i][llm], 1);
      }
      return served;
    };
  }
}
