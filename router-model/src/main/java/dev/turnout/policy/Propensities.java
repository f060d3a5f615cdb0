package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Builds and samples from the probabilities with which candidates are chosen. */
final class Propensities {
  private Propensities() {}

  /** Certainty: 1 for one candidate. */
  static double[] certain(int size, int chosen) {
    double[] propensities = new double[size];
    propensities[chosen] = 1;
    return propensities;
  }

  /** Equal shares among the given candidates. */
  static double[] uniform(int size, List<Integer> among) {
    double[] propensities = new double[size];
    for (int index : among) {
      propensities[index] = 1.0 / among.size();
    }
    return propensities;
  }

  /** Scales non-negative weights of the eligible candidates to sum to 1; uniform if all are 0. */
  static double[] proportional(List<Candidate> candidates, double[] weights) {
    double[] propensities = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      propensities[i] = candidates.get(i).eligible() && weights[i] > 0 ? weights[i] : 0;
      sum += propensities[i];
    }
    if (!(sum > 0) || !Double.isFinite(sum)) {
      return uniform(weights.length, eligible(candidates));
    }
    for (int i = 0; i < propensities.length; i++) {
      propensities[i] /= sum;
    }
    return propensities;
  }

  /** Indices of the eligible candidates. */
  static List<Integer> eligible(List<Candidate> candidates) {
    return IntStream.range(0, candidates.size())
        .filter(i -> candidates.get(i).eligible())
        .boxed()
        .toList();
  }

  /** Draws an index; never one of propensity 0. */
  static int draw(double[] propensities, RandomGenerator random) {
    double point = random.nextDouble();
    int last = -1;
    double sum = 0;
    for (int i = 0; i < propensities.length; i++) {
      if (propensities[i] > 0) {
        sum += propensities[i];
        last = i;
        if (point < sum) {
          return i;
        }
      }
    }
    // Rounding may leave the sum a little below 1.
    return last;
  }
}
