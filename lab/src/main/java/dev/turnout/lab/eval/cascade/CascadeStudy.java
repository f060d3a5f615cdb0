package dev.turnout.lab.eval.cascade;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.figure.Resamples;
import dev.turnout.lab.eval.fold.FoldPlan;
import dev.turnout.lab.eval.fold.FoldRouter;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import dev.turnout.train.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Serves recorded queries by cascades, fold by fold. Predictions of the queries that thresholds are
 * chosen on come from inner folds, so that no threshold is chosen on what a router remembers.
 *
 * @param queries only those graded for every LLM, with costs and answers
 * @param costs {@code double[queries][llms]} in USD
 * @param graderAccuracy share of right verdicts of the simulated grader
 */
record CascadeStudy(
    EncodedQueries queries,
    double[][] costs,
    FoldRouter router,
    int folds,
    int seeds,
    double graderAccuracy,
    Progress progress) {
  private static final List<Double> AIMS = List.of(1.0, 0.98, 0.95);
  private static final int INNER_FOLDS = 3;
  private static final int RESAMPLES = 1000;

  CascadeResult run() {
    Recorded all = recorded();
    int strong = all.best();
    List<CascadePolicy> policies = CascadePolicies.all();
    List<Served> sums =
        IntStream.range(0, policies.size() * AIMS.size())
            .mapToObj(p -> Served.of(all.size()))
            .toList();
    for (int seed = 0; seed < seeds; seed++) {
      FoldPlan plan = FoldPlan.byQuestion(queries, folds, seed);
      for (int f = 0; f < plan.folds().size(); f++) {
        progress.report("cascades", (seed + (double) f / plan.folds().size()) / seeds);
        FoldPlan.Fold fold = plan.folds().get(f);
        EncodedQueries rest = queries.subset(fold.train());
        Recorded train = all.subset(fold.train(), inner(rest, seed));
        Recorded judged =
            all.subset(
                fold.judged(),
                router.fitting().fit(rest, seed).predict(queries.subset(fold.judged())).success());
        int row = 0;
        for (CascadePolicy policy : policies) {
          for (CascadePolicy.Setting setting : policy.chosen(train, train.best(), AIMS)) {
            add(sums.get(row++), fold.judged(), setting.serve(judged));
          }
        }
      }
    }
    return result(all, strong, policies, sums);
  }

  private double[][] inner(EncodedQueries rest, long seed) {
    double[][] success = new double[rest.size()][];
    for (FoldPlan.Fold fold : FoldPlan.byQuestion(rest, INNER_FOLDS, seed).folds()) {
      double[][] said =
          router
              .fitting()
              .fit(rest.subset(fold.train()), seed)
              .predict(rest.subset(fold.judged()))
              .success();
      for (int i = 0; i < said.length; i++) {
        success[fold.judged()[i]] = said[i];
      }
    }
    return success;
  }

  private static void add(Served sums, int[] positions, Served some) {
    for (int i = 0; i < positions.length; i++) {
      sums.rewards()[positions[i]] += some.rewards()[i];
      sums.costs()[positions[i]] += some.costs()[i];
      sums.calls()[positions[i]] += some.calls()[i];
    }
  }

  private CascadeResult result(
      Recorded all, int strong, List<CascadePolicy> policies, List<Served> sums) {
    Resamples resamples = Resamples.of(all.task(), RESAMPLES, PairedBootstrap.SEED);
    double[] bar = all.earned(strong);
    double[] barCosts = Arrays.stream(all.costs()).mapToDouble(row -> row[strong]).toArray();
    double[] qualityOfBar = quality(all, bar, resamples);
    double[] costOfBar = mean(barCosts, resamples);
    List<CascadeResult.Row> rows = new ArrayList<>();
    int row = 0;
    for (CascadePolicy policy : policies) {
      for (double aim : AIMS) {
        Served served = sums.get(row++);
        double[] quality = quality(all, divided(served.rewards()), resamples);
        double[] cost = mean(divided(served.costs()), resamples);
        for (int r = 0; r < cost.length; r++) {
          cost[r] /= costOfBar[r];
        }
        rows.add(
            new CascadeResult.Row(
                policy.name(),
                aim,
                FigureInterval.of(quality),
                FigureInterval.difference(quality, qualityOfBar),
                FigureInterval.of(cost),
                Arrays.stream(served.calls()).average().orElse(0) / seeds));
      }
    }
    return new CascadeResult(
        all.size(),
        folds,
        seeds,
        queries.llms().get(strong),
        100 * all.quality(bar),
        costOfBar[0],
        100
            * all.quality(
                Arrays.stream(all.rewards())
                    .mapToDouble(some -> Arrays.stream(some).max().orElse(0))
                    .toArray()),
        oracleCost(all) / costOfBar[0],
        graderAccuracy,
        rows);
  }

  /** Mean cost of the cheapest among the best LLMs of each query. */
  private static double oracleCost(Recorded all) {
    double total = 0;
    for (int i = 0; i < all.size(); i++) {
      double best = Arrays.stream(all.rewards()[i]).max().orElse(0);
      double least = Double.POSITIVE_INFINITY;
      for (int t = 0; t < all.llms(); t++) {
        least = all.rewards()[i][t] == best ? Math.min(least, all.costs()[i][t]) : least;
      }
      total += least;
    }
    return total / all.size();
  }

  private double[] divided(double[] sums) {
    return Arrays.stream(sums).map(sum -> sum / seeds).toArray();
  }

  private static double[] quality(Recorded all, double[] rewards, Resamples resamples) {
    int tasks = Arrays.stream(all.task()).max().orElse(-1) + 1;
    return Arrays.stream(resamples.counts())
        .mapToDouble(
            drawn -> {
              double[] sums = new double[tasks];
              double[] counts = new double[tasks];
              for (int i = 0; i < drawn.length; i++) {
                sums[all.task()[i]] += drawn[i] * rewards[i];
                counts[all.task()[i]] += drawn[i];
              }
              double total = 0;
              for (int k = 0; k < tasks; k++) {
                total += sums[k] / counts[k];
              }
              return 100 * total / tasks;
            })
        .toArray();
  }

  private static double[] mean(double[] values, Resamples resamples) {
    return Arrays.stream(resamples.counts())
        .mapToDouble(
            drawn -> {
              double sum = 0;
              for (int i = 0; i < drawn.length; i++) {
                sum += drawn[i] * values[i];
              }
              return sum / drawn.length;
            })
        .toArray();
  }

  private Recorded recorded() {
    Random random = new Random(PairedBootstrap.SEED);
    int llms = queries.llms().size();
    double[][] rewards = new double[queries.size()][];
    String[][] answers = new String[queries.size()][];
    boolean[][] verdicts = new boolean[queries.size()][llms];
    for (int i = 0; i < rewards.length; i++) {
      QueryOutcomes query = queries.queries().get(i);
      rewards[i] = query.rewards();
      answers[i] = query.answers().stream().map(AnswerText::normalised).toArray(String[]::new);
      for (int t = 0; t < llms; t++) {
        boolean right = rewards[i][t] >= 0.5;
        verdicts[i][t] = random.nextDouble() < graderAccuracy == right;
      }
    }
    return new Recorded(rewards, costs, new double[0][], answers, verdicts, queries.taskIndices());
  }
}
