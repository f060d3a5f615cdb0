package dev.turnout.lab.eval.cascade;

import dev.turnout.lab.baseline.trained.LogisticFit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cheap LLM, and checks its answer where prediction alone does not decide. A check is paid
 * for only where passing it would make the answer acceptable; where not even that would, the strong
 * LLM is asked at once.
 *
 * @param first the cheap LLM
 * @param strong the LLM that is escalated to
 * @param check what an answer is checked with; null = nothing
 * @param posterior chance of being right given predictions and the check; null without one
 */
record Cascade(
    int first, int strong, @Nullable AnswerCheck check, @Nullable LogisticFit posterior) {
  private static final double PENALTY = 0.1;
  private static final double SURE = 1e-3;

  static Cascade withoutCheck(int first, int strong) {
    return new Cascade(first, strong, null, null);
  }

  /** Learns from training queries what passing the check says. */
  static Cascade fitted(Recorded train, int first, int strong, AnswerCheck check) {
    float[][] features = new float[train.size()][];
    float[][] rewards = new float[train.size()][1];
    for (int i = 0; i < features.length; i++) {
      features[i] = features(train, i, first, check, check.passes(train, i, first));
      rewards[i][0] = (float) train.rewards()[i][first];
    }
    return new Cascade(first, strong, check, LogisticFit.fit(features, rewards, PENALTY));
  }

  /**
   * Serves queries.
   *
   * @param passed chance of the first LLM being right if its answer passes the check, by {@link
   *     #posteriors}
   * @param unchecked an answer is accepted unchecked that is so much less likely to be right than
   *     the strong LLM's
   * @param margin the same for an answer that passes the check
   */
  Served serve(Recorded queries, double[] passed, double unchecked, double margin) {
    Served served = Served.of(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      double[] cost = queries.costs()[i];
      double[] reward = queries.rewards()[i];
      double bar = queries.success()[i][strong];
      if (queries.success()[i][first] >= bar - unchecked) {
        served.set(i, reward[first], cost[first], 1);
      } else if (check == null || passed[i] < bar - margin) {
        served.set(i, reward[strong], cost[strong], 1);
      } else {
        double paid = cost[first] + check.cost(queries, i, first);
        int calls = 1 + check.calls();
        if (check.passes(queries, i, first)) {
          served.set(i, reward[first], paid, calls);
        } else {
          served.set(i, reward[strong], paid + cost[strong], calls + 1);
        }
      }
    }
    return served;
  }

  /** Chance of the first LLM being right if its answer passes the check; 0 without a check. */
  double[] posteriors(Recorded queries) {
    double[] passed = new double[queries.size()];
    if (check != null && posterior != null) {
      float[][] features = new float[queries.size()][];
      for (int i = 0; i < features.length; i++) {
        features[i] = features(queries, i, first, check, true);
      }
      double[][] predicted = posterior.predict(features);
      for (int i = 0; i < passed.length; i++) {
        passed[i] = predicted[i][0];
      }
    }
    return passed;
  }

  private static float[] features(
      Recorded queries, int query, int first, AnswerCheck check, boolean passes) {
    return new float[] {
      logit(queries.success()[query][first]),
      logit(check.prior(queries, query, first)),
      passes ? 1 : 0
    };
  }

  private static float logit(double p) {
    double inside = Math.min(1 - SURE, Math.max(SURE, p));
    return (float) Math.log(inside / (1 - inside));
  }
}
