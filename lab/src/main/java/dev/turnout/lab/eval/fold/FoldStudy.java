package dev.turnout.lab.eval.fold;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Hindsight;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.figure.Figure;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.figure.Judged;
import dev.turnout.lab.eval.figure.Resamples;
import dev.turnout.lab.eval.figure.RouterFigures;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.measure.CostErrors;
import dev.turnout.lab.eval.measure.CostTable;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import dev.turnout.train.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Fits every router in every fold and measures what it says about the queries left out. Everything
 * that a router or a policy knows of a judged query comes from the training part of its fold.
 *
 * @param queries training and judged queries
 * @param costs what answers cost
 * @param routers the recipe first
 * @param seeds runs; each deals the folds anew where they are dealt at random
 */
public record FoldStudy(
    EncodedQueries queries,
    FoldCosts costs,
    List<FoldRouter> routers,
    int seeds,
    Progress progress) {
  private static final int RESAMPLES = 300;
  private static final double PRICED_APART = 1.05;
  private static final int MANY_PAIRS = 60;

  /**
   * Does it.
   *
   * @param protocol what is held out, for people
   * @param plan the folds of a seed
   */
  FoldResult run(String protocol, LongFunction<FoldPlan> plan) {
    List<FoldPlan> plans = LongStream.range(0, seeds).mapToObj(plan).toList();
    TreeSet<Integer> positions = new TreeSet<>();
    plans.get(0).folds().forEach(fold -> Arrays.stream(fold.judged()).forEach(positions::add));
    int[] kept = positions.stream().mapToInt(i -> i).toArray();
    EncodedQueries held = queries.subset(kept);
    Judged judged = Judged.of(held, costs.known() ? costs.actual(held) : new double[0][]);
    List<double[][]> expected = new ArrayList<>();
    for (FoldPlan folds : plans) {
      expected.add(rows(expected(folds), kept));
    }
    List<CostErrors> errors = new ArrayList<>();
    Resamples resamples = Resamples.of(judged.task(), RESAMPLES, PairedBootstrap.SEED);
    RouterFigures measuring = new RouterFigures(judged, resamples);
    List<FoldResult.Row> rows = new ArrayList<>();
    List<FoldResult.PairRow> pairs = new ArrayList<>();
    Map<Figure, double[]> ours = Map.of();
    for (FoldRouter router : routers) {
      Map<Figure, double[]> figures = new EnumMap<>(Figure.class);
      List<List<SuccessFigures>> success = new ArrayList<>();
      List<HeldOutScores> predictions = new ArrayList<>();
      double coverage = 0;
      for (int s = 0; s < seeds; s++) {
        HeldOutScores all = predict(router, plans.get(s), s, protocol);
        HeldOutScores said =
            new HeldOutScores(rows(all.ranking(), kept), rows(all.success(), kept));
        predictions.add(said);
        if (rows.isEmpty() && all.costUsd().length > 0) {
          // all routers are judged with the costs that the recipe expects, so that they differ in
          // what they know of success alone
          double[][] means = expected.get(s);
          expected.set(s, CostTable.withKnown(means, rows(all.costUsd(), kept)));
          errors.add(CostErrors.of(held, means, expected.get(s)));
        }
        add(figures, measuring.of(said.ranking(), said.success(), expected.get(s)), seeds);
        success.add(SuccessFigures.of(queries.llms(), judged, said.success()));
        coverage += measuring.coverage(said.ranking()) / seeds;
      }
      Map<Figure, FigureInterval> behind = new EnumMap<>(Figure.class);
      if (rows.isEmpty()) {
        ours = figures;
        pairs.addAll(pairs(judged, measuring, predictions));
      } else {
        for (Map.Entry<Figure, double[]> entry : ours.entrySet()) {
          double[] theirs = figures.get(entry.getKey());
          if (theirs != null) {
            behind.put(entry.getKey(), FigureInterval.difference(entry.getValue(), theirs));
          }
        }
      }
      rows.add(
          new FoldResult.Row(
              router.name(), coverage, intervals(figures), behind, SuccessFigures.mean(success)));
    }
    double[] singles = Rewards.taskMeans(held);
    return new FoldResult(
        protocol,
        plans.get(0).folds().size(),
        seeds,
        held.size(),
        queries.llms(),
        costs.words(queries),
        CostErrors.mean(errors),
        rows,
        100 * Rewards.followed(held, Hindsight.ORACLE.fit(held, 0).scores(held)),
        queries.llms().get(judged.bestSingle()),
        100 * singles[judged.bestSingle()],
        pairs);
  }

  /** Folds at once, as many as there are processors: none knows of another. */
  private HeldOutScores predict(FoldRouter router, FoldPlan plan, long seed, String protocol) {
    List<FoldPlan.Fold> folds = plan.folds();
    String stage = protocol + ": " + router.name();
    AtomicInteger done = new AtomicInteger();
    report(stage, (double) seed / seeds);
    List<HeldOutScores> said =
        folds.parallelStream()
            .map(
                fold -> {
                  HeldOutScores one =
                      router
                          .fitting()
                          .fit(queries.subset(fold.train()), seed)
                          .predict(queries.subset(fold.judged()));
                  report(stage, (seed + (double) done.incrementAndGet() / folds.size()) / seeds);
                  return one;
                })
            .toList();
    double[][] ranking = new double[queries.size()][];
    double[][] success = new double[queries.size()][];
    double[][] learnt = new double[0][];
    for (int f = 0; f < folds.size(); f++) {
      int[] judged = folds.get(f).judged();
      HeldOutScores one = said.get(f);
      if (one.costUsd().length > 0 && learnt.length == 0) {
        learnt = new double[queries.size()][];
      }
      for (int i = 0; i < judged.length; i++) {
        ranking[judged[i]] = one.ranking()[i];
        success[judged[i]] = one.success()[i];
        if (one.costUsd().length > 0) {
          learnt[judged[i]] = one.costUsd()[i];
        }
      }
    }
    return new HeldOutScores(ranking, success, learnt);
  }

  private void report(String stage, double fraction) {
    synchronized (progress) {
      progress.report(stage, fraction);
    }
  }

  private double[][] expected(FoldPlan plan) {
    double[][] expected = new double[queries.size()][];
    for (FoldPlan.Fold fold : plan.folds()) {
      double[][] some = costs.expected(queries.subset(fold.train()), queries.subset(fold.judged()));
      for (int i = 0; i < some.length; i++) {
        expected[fold.judged()[i]] = some[i];
      }
    }
    return expected;
  }

  /** Every pair of which the dearer LLM is also the better one. */
  private List<FoldResult.PairRow> pairs(
      Judged judged, RouterFigures measuring, List<HeldOutScores> predictions) {
    List<FoldResult.PairRow> pairs = new ArrayList<>();
    for (int weak = 0; judged.costed() && weak < judged.llms(); weak++) {
      for (int strong = 0; strong < judged.llms(); strong++) {
        boolean apart =
            judged.cost(strong) > PRICED_APART * judged.cost(weak)
                && judged.quality(strong) > judged.quality(weak);
        if (apart && pairs.size() < MANY_PAIRS) {
          Map<Figure, double[]> figures = new EnumMap<>(Figure.class);
          for (HeldOutScores said : predictions) {
            add(figures, measuring.ofPair(said.success(), weak, strong), seeds);
          }
          pairs.add(
              new FoldResult.PairRow(
                  queries.llms().get(weak), queries.llms().get(strong), intervals(figures)));
        }
      }
    }
    return pairs;
  }

  private static void add(Map<Figure, double[]> sums, Map<Figure, double[]> some, int of) {
    some.forEach(
        (figure, values) -> {
          double[] sum = sums.computeIfAbsent(figure, f -> new double[values.length]);
          for (int r = 0; r < sum.length; r++) {
            sum[r] += values[r] / of;
          }
        });
  }

  private static Map<Figure, FigureInterval> intervals(Map<Figure, double[]> figures) {
    Map<Figure, FigureInterval> intervals = new EnumMap<>(Figure.class);
    figures.forEach((figure, values) -> intervals.put(figure, FigureInterval.of(values)));
    return intervals;
  }

  private static double[][] rows(double[][] all, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> all[i]).toArray(double[][]::new);
  }
}
