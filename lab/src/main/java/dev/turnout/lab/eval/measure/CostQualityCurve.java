package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.TaskAccuracies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What quality a router reaches at what cost when cost is weighed more and more.
 *
 * @param points by rising weight of cost
 */
public record CostQualityCurve(List<Point> points) {
  private static final int STEPS = 48;

  /**
   * One operating point.
   *
   * @param costWeight success that a saved USD is worth; 0 = quality alone
   * @param costUsd mean cost of a query
   * @param quality task average in percent
   */
  public record Point(double costWeight, double costUsd, double quality) {}

  public CostQualityCurve {
    points = List.copyOf(points);
  }

  /**
   * Sweeps the weight of cost.
   *
   * @param scores expected success, {@code double[queries][llms]}
   * @param expected cost that the router expects, USD
   * @param actual cost that is counted, USD
   */
  public static CostQualityCurve of(
      EncodedQueries queries, double[][] scores, double[][] expected, double[][] actual) {
    List<Point> points = new ArrayList<>();
    for (double weight : weights(expected)) {
      points.add(at(queries, scores, expected, actual, weight));
    }
    return new CostQualityCurve(points);
  }

  /** The operating point of one weight. */
  public static Point at(
      EncodedQueries queries,
      double[][] scores,
      double[][] expected,
      double[][] actual,
      double weight) {
    double[] rewards = new double[scores.length];
    double cost = 0;
    for (int i = 0; i < scores.length; i++) {
      double[] utility = scores[i].clone();
      for (int t = 0; t < utility.length; t++) {
        utility[t] -= weight * expected[i][t];
      }
      int chosen = Rewards.best(utility);
      rewards[i] = queries.queries().get(i).rewards()[chosen];
      cost += actual[i][chosen] / scores.length;
    }
    return new Point(weight, cost, TaskAccuracies.of(queries, rewards).average());
  }

  /** Weights from nothing to where cost decides alone, relative to the mean cost of an answer. */
  public static double[] weights(double[][] expected) {
    double mean = Arrays.stream(expected).flatMapToDouble(Arrays::stream).average().orElse(1);
    double[] weights = new double[STEPS];
    for (int s = 1; s < STEPS; s++) {
      weights[s] = Math.pow(10, -3 + 5.0 * (s - 1) / (STEPS - 2)) / Math.max(mean, 1e-12);
    }
    return weights;
  }

  /**
   * RouterBench's non-decreasing convex hull (Hu et al. 2024): what mixing operating points at
   * random reaches, cheapest first.
   */
  public List<Point> hull() {
    return hull(points);
  }

  static List<Point> hull(List<Point> points) {
    List<Point> sorted =
        points.stream()
            .sorted(
                Comparator.comparingDouble(Point::costUsd)
                    .thenComparing(Comparator.comparingDouble(Point::quality).reversed()))
            .toList();
    List<Point> hull = new ArrayList<>();
    for (Point point : sorted) {
      if (!hull.isEmpty() && point.quality() <= hull.get(hull.size() - 1).quality()) {
        continue;
      }
      while (hull.size() > 1
          && slope(hull.get(hull.size() - 2), hull.get(hull.size() - 1))
              <= slope(hull.get(hull.size() - 1), point)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(point);
    }
    return hull;
  }

  /**
   * Average improvement in quality (RouterBench, eq. 3): area under the hull over the range of
   * costs, divided by the range. In percent.
   *
   * @param from cheapest mean cost considered, USD
   * @param to highest mean cost considered, USD
   */
  public double aiq(double from, double to) {
    List<Point> hull = hull();
    if (!(to > from)) {
      return quality(hull, to);
    }
    double area = 0;
    double cost = from;
    double quality = quality(hull, from);
    for (Point point : hull) {
      if (point.costUsd() > cost && point.costUsd() < to) {
        area += (point.costUsd() - cost) * (quality + point.quality()) / 2;
        cost = point.costUsd();
        quality = point.quality();
      }
    }
    area += (to - cost) * (quality + quality(hull, to)) / 2;
    return area / (to - from);
  }

  /** Least mean cost at which mixing reaches a quality; NaN when it is never reached. */
  public double costOfQuality(double quality) {
    List<Point> hull = hull();
    for (int p = 0; p < hull.size(); p++) {
      Point point = hull.get(p);
      if (point.quality() >= quality) {
        if (p == 0) {
          return point.costUsd();
        }
        Point before = hull.get(p - 1);
        double share = (quality - before.quality()) / (point.quality() - before.quality());
        return before.costUsd() + share * (point.costUsd() - before.costUsd());
      }
    }
    return Double.NaN;
  }

  private static double quality(List<Point> hull, double cost) {
    Point before = hull.get(0);
    for (Point point : hull) {
      if (point.costUsd() > cost) {
        double width = point.costUsd() - before.costUsd();
        double share = width > 0 ? Math.max(0, (cost - before.costUsd()) / width) : 0;
        return before.quality() + share * (point.quality() - before.quality());
      }
      before = point;
    }
    return before.quality();
  }

  private static double slope(Point a, Point b) {
    double width = b.costUsd() - a.costUsd();
    return width > 0 ? (b.quality() - a.quality()) / width : Double.POSITIVE_INFINITY;
  }
}
