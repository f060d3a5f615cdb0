package dev.turnout.lab.eval.cascade;

import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The policies that are compared. A cascade asks a cheap LLM and accepts its answer where its
 * chance of being right is at most a margin below that of the strong LLM; the margins, one for
 * unchecked and one for checked answers, are chosen on training queries like the LLMs asked.
 */
final class CascadePolicies {
  private static final double CHEAP = 0.5;
  private static final double[] MARGINS = margins();
  private static final double NEVER = -1;

  private CascadePolicies() {}

  /** One question to one LLM, by predicted success less weighed cost. */
  static final CascadePolicy SINGLE_SHOT =
      new CascadePolicy(
          "single_shot",
          (train, strong) -> {
            double[] costs =
                IntStream.range(0, train.llms()).mapToDouble(train::meanCost).toArray();
            List<CascadePolicy.Setting> settings = new ArrayList<>();
            for (double weight : CostQualityCurve.weights(new double[][] {costs})) {
              settings.add(queries -> routed(queries, costs, weight));
            }
            return settings;
          });

  /** A cheap LLM is asked where its predicted success will do, else the strong one. */
  static final CascadePolicy PREDICTED =
      new CascadePolicy("predicted_success", (train, strong) -> cascades(train, strong, List.of()));

  /** A cheap answer is also accepted when a second cheap LLM gives the same. */
  static final CascadePolicy AGREEMENT =
      new CascadePolicy(
          "agreement",
          (train, strong) ->
              cascades(
                  train,
                  strong,
                  cheap(train, strong).stream()
                      .<AnswerCheck>map(AnswerCheck.Agreement::new)
                      .toList()));

  /** A cheap answer is also accepted when a grader takes it for right. */
  static final CascadePolicy GRADED =
      new CascadePolicy(
          "grader", (train, strong) -> cascades(train, strong, List.of(new AnswerCheck.Grader())));

  static List<CascadePolicy> all() {
    return List.of(SINGLE_SHOT, PREDICTED, AGREEMENT, GRADED);
  }

  private static Served routed(Recorded queries, double[] costs, double weight) {
    Served served = Served.of(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      double[] utility = queries.success()[i].clone();
      for (int t = 0; t < utility.length; t++) {
        utility[t] -= weight * costs[t];
      }
      int chosen = Rewards.best(utility);
      served.set(i, queries.rewards()[i][chosen], queries.costs()[i][chosen], 1);
    }
    return served;
  }

  /** Every cheap LLM with every check and margin; without checks, prediction alone decides. */
  private static List<CascadePolicy.Setting> cascades(
      Recorded train, int strong, List<AnswerCheck> checks) {
    List<CascadePolicy.Setting> settings = new ArrayList<>();
    for (int first : cheap(train, strong)) {
      List<Cascade> cascades = new ArrayList<>();
      if (checks.isEmpty()) {
        cascades.add(Cascade.withoutCheck(first, strong));
      }
      for (AnswerCheck check : checks) {
        if (check.usable(first)) {
          cascades.add(Cascade.fitted(train, first, strong, check));
        }
      }
      for (Cascade cascade : cascades) {
        add(settings, cascade);
      }
    }
    return settings;
  }

  /** Every pair of margins; what a check says is worked out once for each set of queries. */
  private static void add(List<CascadePolicy.Setting> settings, Cascade cascade) {
    IdentityHashMap<Recorded, double[]> known = new IdentityHashMap<>();
    for (double unchecked : MARGINS) {
      for (double margin : cascade.check() == null ? new double[] {0} : MARGINS) {
        settings.add(
            queries ->
                cascade.serve(
                    queries,
                    known.computeIfAbsent(queries, cascade::posteriors),
                    unchecked,
                    margin));
      }
    }
  }

  /** From never to nearly always. */
  private static double[] margins() {
    return new double[] {
      NEVER, -0.1, -0.06, -0.03, -0.01, 0, 0.01, 0.02, 0.04, 0.06, 0.09, 0.13, 0.18, 0.25, 0.35, 0.5
    };
  }

  private static List<Integer> cheap(Recorded train, int strong) {
    return IntStream.range(0, train.llms())
        .filter(t -> t != strong && train.meanCost(t) < CHEAP * train.meanCost(strong))
        .boxed()
        .toList();
  }
}
