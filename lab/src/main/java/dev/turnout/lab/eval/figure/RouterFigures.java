package dev.turnout.lab.eval.figure;

import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** All figures of one router over the queries as they are and over their resamples. */
public final class RouterFigures {
  private static final double NEARLY = 0.95;
  private static final double SURE = 1e-3;

  private final Judged judged;
  private final Resamples resamples;

  public RouterFigures(Judged judged, Resamples resamples) {
    this.judged = judged;
    this.resamples = resamples;
  }

  /**
   * The figures that the data allow, each {@code double[1 + resamples]}.
   *
   * @param ranking {@code double[queries][llms]}
   * @param success predicted success, {@code double[queries][llms]}
   * @param expected cost that can be known beforehand; not read where there are no costs
   */
  public Map<Figure, double[]> of(double[][] ranking, double[][] success, double[][] expected) {
    Map<Figure, double[]> figures = new EnumMap<>(Figure.class);
    Tally best = new Tally(judged, choices(ranking));
    over(figures, Figure.ARGMAX, drawn -> best.of(drawn).taskAverage());
    over(figures, Figure.ARGMAX_POOLED, drawn -> best.of(drawn).pooled());
    double[] losses = losses(success);
    over(figures, Figure.LOG_LOSS, drawn -> mean(losses, drawn));
    if (judged.costed()) {
      curve(figures, success, expected);
    }
    if (judged.llms() == 2) {
      int strong = judged.quality(1) >= judged.quality(0) ? 1 : 0;
      pair(figures, success, 1 - strong, strong);
    }
    return figures;
  }

  /** APGR and CPT of one pair of LLMs. */
  public Map<Figure, double[]> ofPair(double[][] success, int weak, int strong) {
    Map<Figure, double[]> figures = new EnumMap<>(Figure.class);
    pair(figures, success, weak, strong);
    return figures;
  }

  /** Share of the highest ranked LLMs that are graded. */
  public double coverage(double[][] ranking) {
    return new Tally(judged, choices(ranking)).of(resamples.counts()[0]).coverage();
  }

  private interface Measuring {
    double of(int[] drawn);
  }

  private void over(Map<Figure, double[]> figures, Figure figure, Measuring measuring) {
    figures.put(figure, Arrays.stream(resamples.counts()).mapToDouble(measuring::of).toArray());
  }

  private void pair(Map<Figure, double[]> figures, double[][] success, int weak, int strong) {
    PairFigures pair = new PairFigures(judged, success, weak, strong);
    over(figures, Figure.APGR, drawn -> pair.of(drawn).apgr());
    over(figures, Figure.CPT50, drawn -> pair.of(drawn).cpt50());
    over(figures, Figure.CPT80, drawn -> pair.of(drawn).cpt80());
  }

  private void curve(Map<Figure, double[]> figures, double[][] success, double[][] expected) {
    List<Tally> policies =
        policies(success, expected).stream().map(chosen -> new Tally(judged, chosen)).toList();
    List<Tally> singles =
        IntStream.range(0, judged.llms())
            .mapToObj(t -> new Tally(judged, judged.always(t)))
            .toList();
    int rows = resamples.counts().length;
    double[] aiq = new double[rows];
    double[] nearly = new double[rows];
    double[] equal = new double[rows];
    IntStream.range(0, rows)
        .parallel()
        .forEach(
            r -> {
              int[] drawn = resamples.counts()[r];
              List<CostQualityCurve.Point> points = new ArrayList<>();
              for (Tally policy : policies) {
                Tally.Totals totals = policy.of(drawn);
                points.add(new CostQualityCurve.Point(0, totals.cost(), totals.taskAverage()));
              }
              CostQualityCurve curve = new CostQualityCurve(points);
              double[] costs =
                  singles.stream()
                      .mapToDouble(single -> single.of(drawn).cost())
                      .filter(cost -> !Double.isNaN(cost))
                      .sorted()
                      .toArray();
              aiq[r] = curve.aiq(costs[0], costs[costs.length - 1]);
              Tally.Totals single = singles.get(judged.bestSingle()).of(drawn);
              nearly[r] = share(curve, NEARLY, single);
              equal[r] = share(curve, 1, single);
            });
    figures.put(Figure.AIQ, aiq);
    figures.put(Figure.COST95, nearly);
    figures.put(Figure.COST100, equal);
  }

  private static double share(CostQualityCurve curve, double part, Tally.Totals single) {
    double cost = curve.costOfQuality(part * single.taskAverage());
    return Double.isNaN(cost) ? Double.POSITIVE_INFINITY : cost / single.cost();
  }

  /** The different choices from quality alone to cost alone. */
  private static List<int[]> policies(double[][] success, double[][] expected) {
    List<int[]> policies = new ArrayList<>();
    Set<List<Integer>> seen = new HashSet<>();
    for (double weight : CostQualityCurve.weights(expected)) {
      int[] chosen = new int[success.length];
      for (int i = 0; i < chosen.length; i++) {
        double[] utility = success[i].clone();
        for (int t = 0; t < utility.length; t++) {
          utility[t] -= weight * expected[i][t];
        }
        chosen[i] = Rewards.best(utility);
      }
      if (seen.add(Arrays.stream(chosen).boxed().toList())) {
        policies.add(chosen);
      }
    }
    return policies;
  }

  private double[] losses(double[][] success) {
    double[] losses = new double[success.length];
    for (int i = 0; i < losses.length; i++) {
      double sum = 0;
      int graded = 0;
      for (int t = 0; t < success[i].length; t++) {
        double loss = loss(success[i][t], judged.rewards()[i][t]);
        if (!Double.isNaN(loss)) {
          sum += loss;
          graded++;
        }
      }
      losses[i] = graded == 0 ? Double.NaN : sum / graded;
    }
    return losses;
  }

  /** Logarithmic loss of a prediction, which is kept off 0 and 1; NaN without a grade. */
  static double loss(double predicted, double reward) {
    double p = Math.min(1 - SURE, Math.max(SURE, predicted));
    return -reward * Math.log(p) - (1 - reward) * Math.log(1 - p);
  }

  private static double mean(double[] values, int[] drawn) {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        sum += drawn[i] * values[i];
        count += drawn[i];
      }
    }
    return sum / count;
  }

  private static int[] choices(double[][] ranking) {
    return Arrays.stream(ranking).mapToInt(Rewards::best).toArray();
  }
}
