package dev.turnout.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Orders candidates: eligible before ineligible, higher value first, equal values as given. */
final class Ranking {
  private Ranking() {}

  /** All candidate indices, best first. */
  static List<Integer> by(List<Candidate> candidates, IntToDoubleFunction value) {
    double[] values = new double[candidates.size()];
    List<Integer> order = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      double raw = value.applyAsDouble(i);
      values[i] = Double.isNaN(raw) ? Double.NEGATIVE_INFINITY : raw;
      order.add(i);
    }
    order.sort(
        Comparator.<Integer>comparingInt(i -> candidates.get(i).eligible() ? 0 : 1)
            .thenComparingDouble(i -> -values[i]));
    return List.copyOf(order);
  }

  /** All candidate indices by cosine score, best first. */
  static List<Integer> byScore(List<Candidate> candidates) {
    return by(candidates, i -> candidates.get(i).score());
  }
}
