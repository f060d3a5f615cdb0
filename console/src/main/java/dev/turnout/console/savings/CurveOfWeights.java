package dev.turnout.console.savings;

import dev.turnout.offpolicy.savings.ParetoCurve;
import dev.turnout.offpolicy.savings.ParetoCurve.Point;
import dev.turnout.offpolicy.savings.ScoredChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * The curve for weights from none to one that leaves only the cheapest, and for the operator's.
 *
 * @param points one a step of the slider, costs weighing more and more
 * @param operator under the weight that the routers are set to
 * @param choices decisions that it rests on
 */
record CurveOfWeights(List<Point> points, Point operator, int choices) {
  /** Last step of the slider; the first is a weight of 0. */
  static final int STEPS = 40;

  private static final double SMALLEST = -2;
  private static final double DECADES = 5;

  CurveOfWeights {
    points = List.copyOf(points);
  }

  /**
   * The curve of some choices, at least one.
   *
   * @param costWeight the operator's
   */
  static CurveOfWeights of(List<ScoredChoice> choices, double costWeight) {
    List<Double> weights = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      weights.add(weight(step));
    }
    weights.add(costWeight);
    List<Point> points = ParetoCurve.of(choices, weights);
    return new CurveOfWeights(points.subList(0, STEPS + 1), points.get(STEPS + 1), choices.size());
  }

  private static double weight(int step) {
    return step == 0 ? 0 : Math.pow(10, SMALLEST + DECADES * (step - 1) / (STEPS - 1));
  }

  /** The step whose weight is nearest to one. */
  static int step(double weight) {
    if (weight <= weight(1) / 2) {
      return 0;
    }
    double step = 1 + (Math.log10(weight) - SMALLEST) * (STEPS - 1) / DECADES;
    return (int) Math.max(1, Math.min(STEPS, Math.round(step)));
  }
}
