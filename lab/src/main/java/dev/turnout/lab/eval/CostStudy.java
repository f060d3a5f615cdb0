package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.measure.CostErrors;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.CostTable;
import dev.turnout.lab.eval.measure.PairRouting;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cost and quality on the test queries with the first seed.
 *
 * @param costs what answers cost
 * @param recipe the evaluated recipe
 */
record CostStudy(Evaluation evaluation, CostTable costs, Recipe recipe) {
  private static final int HELD_OUT_OF = 5;

  /**
   * Measures a model, and what it is compared with.
   *
   * @param model what the recipe learnt with the first seed
   * @param compared baselines whose scores estimate rewards, to draw curves of
   */
  CostResult of(RouterModel model, List<Baseline> compared) {
    EncodedQueries test = evaluation.splits().test();
    ScoredQueries scored = ScoredQueries.of(model, test);
    double[][] means = costs.expected(test);
    double[][] expected = CostTable.withKnown(means, scored.costUsd());
    double[][] actual = costs.actual(test);
    Map<String, CostQualityCurve> curves = new LinkedHashMap<>();
    double[][] success = scored.predictedSuccess();
    curves.put(recipe.name(), CostQualityCurve.of(test, success, expected, actual));
    for (Baseline baseline : compared) {
      double[][] scores =
          baseline.fit(evaluation.splits().train(), evaluation.seeds().get(0)).scores(test);
      curves.put(baseline.name(), CostQualityCurve.of(test, scores, expected, actual));
    }
    Map<String, CostQualityCurve.Point> singles = singles(test, actual);
    curves.put("single LLMs mixed", new CostQualityCurve(List.copyOf(singles.values())));
    double cheapest =
        singles.values().stream().mapToDouble(CostQualityCurve.Point::costUsd).min().orElse(0);
    double highest =
        singles.values().stream().mapToDouble(CostQualityCurve.Point::costUsd).max().orElse(0);
    Map<String, Double> aiq = new LinkedHashMap<>();
    Map<String, Double> perSuccess = new LinkedHashMap<>();
    curves.forEach(
        (name, curve) -> {
          aiq.put(name, curve.aiq(cheapest, highest));
          CostQualityCurve.Point best = curve.points().get(0);
          if (best.costWeight() == 0 && !name.startsWith("single")) {
            perSuccess.put(name, 100 * best.costUsd() / best.quality());
          }
        });
    int single = bestSingle(evaluation.splits().train());
    String bestSingle = test.llms().get(single);
    CostQualityCurve.Point bar = singles.get(bestSingle);
    perSuccess.put("best_single", bar == null ? Double.NaN : 100 * bar.costUsd() / bar.quality());
    double weight = weightChosenOnTrain();
    List<PairRouting> pairs = new ArrayList<>();
    for (int t = 0; t < test.llms().size(); t++) {
      CostQualityCurve.Point other = singles.get(test.llms().get(t));
      if (t != single && bar != null && other != null && other.quality() < bar.quality()) {
        pairs.add(PairRouting.of(test, success, t, single));
      }
    }
    return new CostResult(
        costs.estimated(),
        costs.outputTokens(),
        CostErrors.of(test, means, expected),
        curves,
        singles,
        aiq,
        perSuccess,
        bestSingle,
        curves.get(recipe.name()).costOfQuality(bar == null ? Double.NaN : bar.quality()),
        CostQualityCurve.at(test, success, expected, actual, weight),
        pairs);
  }

  /**
   * The highest weight of cost at which held-out training queries are answered as well as by their
   * best single LLM.
   */
  private double weightChosenOnTrain() {
    int size = evaluation.splits().train().size();
    int[] order = Evaluation.drawn(size, size, evaluation.seeds().get(0));
    EncodedQueries held =
        evaluation.splits().train().subset(Arrays.copyOf(order, size / HELD_OUT_OF));
    EncodedQueries rest =
        evaluation.splits().train().subset(Arrays.copyOfRange(order, size / HELD_OUT_OF, size));
    RouterModel model =
        recipe.train(
            rest.trainingSet(), evaluation.encoder(), evaluation.seeds().get(0), Progress.silent());
    ScoredQueries scored = ScoredQueries.of(model, held);
    double[][] success = scored.predictedSuccess();
    double[][] expected = CostTable.withKnown(costs.expected(held), scored.costUsd());
    double[][] actual = costs.actual(held);
    double bar = TaskAccuracies.of(held, column(held, bestSingle(rest))).average();
    return CostQualityCurve.of(held, success, expected, actual).points().stream()
        .filter(point -> point.quality() >= bar)
        .mapToDouble(CostQualityCurve.Point::costWeight)
        .max()
        .orElse(0);
  }

  private static Map<String, CostQualityCurve.Point> singles(
      EncodedQueries test, double[][] actual) {
    Map<String, CostQualityCurve.Point> singles = new LinkedHashMap<>();
    for (int t = 0; t < test.llms().size(); t++) {
      int llm = t;
      double cost = Arrays.stream(actual).mapToDouble(row -> row[llm]).average().orElse(0);
      double quality = TaskAccuracies.of(test, column(test, t)).average();
      if (!Double.isNaN(quality)) {
        singles.put(test.llms().get(t), new CostQualityCurve.Point(0, cost, quality));
      }
    }
    return singles;
  }

  private static int bestSingle(EncodedQueries train) {
    double[] averages = new double[train.llms().size()];
    for (int t = 0; t < averages.length; t++) {
      double average = TaskAccuracies.of(train, column(train, t)).average();
      averages[t] = Double.isNaN(average) ? Double.NEGATIVE_INFINITY : average;
    }
    return Rewards.best(averages);
  }

  private static double[] column(EncodedQueries queries, int llm) {
    return queries.queries().stream().mapToDouble(query -> query.rewards()[llm]).toArray();
  }
}
