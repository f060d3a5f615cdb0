package dev.turnout.lab.eval.cascade;

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
   * The cheapest setting that reaches a share of the strong LLM's quality on the training queries;
   * everything to the strong LLM where none does.
   */
  Setting chosen(Recorded train, int strong, double share) {
    double bar = share * train.quality(train.earned(strong));
    Setting best = always(strong);
    double least = best.serve(train).meanCost();
    for (Setting setting : candidates.of(train, strong)) {
      Served served = setting.serve(train);
      if (served.meanCost() < least && train.quality(served.rewards()) >= bar) {
        best = setting;
        least = served.meanCost();
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
