package dev.turnout.policy;

import dev.turnout.math.ArgmaxProbability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Thompson sampling with a forced exploration floor. Each eligible candidate's utility is normal
 * around its predicted success (less what its cost and latency are worth to the query) with its
 * uncertainty as deviation. The probability that a candidate is best is computed first and the
 * choice is drawn from it, so the logged propensity is exact by construction (Thompson 1933;
 * propensities as in Chapelle and Li 2011 need no sampling here).
 *
 * <p>A query that forbids exploration, or candidates without uncertainty under a floor of 0, get
 * the best candidate with propensity 1.
 */
public final class ThompsonPolicy implements SelectionPolicy {
  /** Share of the choice spread evenly over the eligible candidates unless a tenant differs. */
  public static final double DEFAULT_FLOOR = 0.03;

  /** Leaves the candidates' uncertainty as it is. */
  public static final double DEFAULT_TEMPER = 1;

  private final double floor;
  private final double temper;

  /** The policy with the default floor and temper. */
  public ThompsonPolicy() {
    this(DEFAULT_FLOOR, DEFAULT_TEMPER);
  }

  /**
   * @param floor default share of even exploration, 0..1; a request's own floor overrides it
   * @param temper factor on the candidates' uncertainty, >= 0; below 1 explores less
   */
  public ThompsonPolicy(double floor, double temper) {
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("exploration floor must be in 0..1, but was " + floor);
    }
    if (!(temper >= 0)) {
      throw new IllegalArgumentException("temper must be >= 0, but was " + temper);
    }
    this.floor = floor;
    this.temper = temper;
  }

  @Override
  public String name() {
    return "thompson";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    double[] utility = new double[candidates.size()];
    List<Integer> order = new ArrayList<>();
    List<Integer> ineligible = new ArrayList<>();
    for (int i = 0; i < utility.length; i++) {
      utility[i] = utility(candidates.get(i), request);
      (candidates.get(i).eligible() ? order : ineligible).add(i);
    }
    order.sort(Comparator.comparingDouble((Integer i) -> -utility[i]).thenComparing(i -> i));
    double[] propensities = propensities(request, utility, order);
    int chosen = draw(propensities, order, random);
    boolean explored = chosen != order.get(0);
    String reason = reason(candidates, utility, propensities, order, chosen);
    order.addAll(ineligible);
    return new Selection(chosen, List.copyOf(order), propensities, explored, reason);
  }

  private double[] propensities(
      SelectionRequest request, double[] utility, List<Integer> eligible) {
    double[] propensities = new double[utility.length];
    if (!request.explore() || eligible.size() == 1) {
      propensities[eligible.get(0)] = 1;
      return propensities;
    }
    double[] mean = new double[eligible.size()];
    double[] deviation = new double[eligible.size()];
    boolean certain = true;
    for (int i = 0; i < mean.length; i++) {
      mean[i] = utility[eligible.get(i)];
      deviation[i] = temper * request.candidates().get(eligible.get(i)).uncertainty();
      certain &= deviation[i] == 0;
    }
    double even = Double.isNaN(request.explorationFloor()) ? floor : request.explorationFloor();
    double[] best = certain ? first(mean.length) : ArgmaxProbability.of(mean, deviation);
    for (int i = 0; i < mean.length; i++) {
      propensities[eligible.get(i)] = (1 - even) * best[i] + even / mean.length;
    }
    return propensities;
  }

  private static double[] first(int length) {
    double[] probabilities = new double[length];
    probabilities[0] = 1;
    return probabilities;
  }

  private static int draw(double[] propensities, List<Integer> eligible, RandomGenerator random) {
    double remaining = random.nextDouble();
    int last = eligible.get(0);
    for (int i : eligible) {
      if (propensities[i] > 0) {
        last = i;
        remaining -= propensities[i];
        if (remaining < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private static double utility(Candidate candidate, SelectionRequest request) {
    double utility = candidate.predictedSuccess();
    if (request.costWeight() > 0 && !Double.isNaN(candidate.expectedCostUsd())) {
      utility -= request.costWeight() * 100 * candidate.expectedCostUsd();
    }
    if (request.latencyWeight() > 0 && !Double.isNaN(candidate.expectedLatencyMs())) {
      utility -= request.latencyWeight() * candidate.expectedLatencyMs() / 1000;
    }
    return utility;
  }

  private static String reason(
      List<Candidate> candidates,
      double[] utility,
      double[] propensities,
      List<Integer> order,
      int chosen) {
    int best = order.get(0);
    if (chosen == best) {
      return "best expected utility "
          + Decimals.fixed(utility[chosen], 3)
          + ", drawn with probability "
          + Decimals.fixed(propensities[chosen], 3);
    }
    return "explored with probability "
        + Decimals.fixed(propensities[chosen], 3)
        + ": expected utility "
        + Decimals.fixed(utility[chosen], 3)
        + " against "
        + Decimals.fixed(utility[best], 3)
        + " of "
        + candidates.get(best).llm();
  }
}
