package dev.turnout.offpolicy;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How likely the gate is to promote a candidate, before any data is spent: for an operator who
 * chooses the share of exploration and the number of held-out grades.
 *
 * <p>The logging policy plays the serving model's choice and spreads its exploration evenly. Where
 * candidate and serving agree the paired difference is exact; where they disagree the candidate's
 * choice was logged with probability exploration / llms and the serving one with 1 - exploration +
 * exploration / llms, and the doubly-robust residual is divided by that.
 *
 * @param llms number of LLMs
 * @param disagreement share of queries on which candidate and serving choose differently, 0..1
 * @param residualVariance variance of the reward around the reward model, e.g. 0.2 for right or
 *     wrong grades
 * @param gate the gate's settings
 */
record PowerCurve(int llms, double disagreement, double residualVariance, GateSettings gate) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * Standard error of the paired doubly-robust difference.
   *
   * @param grades number of held-out graded choices, >= 1
   * @param exploration share of even exploration, in (0, 1]
   */
  public double standardError(int grades, double exploration) {
    double explored = exploration / llms;
    double served = 1 - exploration + explored;
    double variance = disagreement * residualVariance * (1 / explored + 1 / served);
    return Math.sqrt(variance / grades);
  }

  /**
   * Probability of promotion of a candidate whose mean reward is better by {@code improvement}.
   *
   * @param improvement true difference of mean reward, negative for a worse candidate
   * @param grades number of held-out graded choices, >= 1
   * @param exploration share of even exploration, in (0, 1]
   */
  public double power(double improvement, int grades, double exploration) {
    double error = standardError(grades, exploration);
    if (error == 0) {
      return improvement > gate.margin() ? 1 : 0;
    }
    double threshold =
        gate.margin() + NORMAL.inverseCumulativeProbability(gate.confidence()) * error;
    return NORMAL.cumulativeProbability((improvement - threshold) / error);
  }

  /**
   * Smallest number of held-out grades that promotes a candidate better by {@code improvement} with
   * probability {@code power}.
   *
   * @return the number, or {@link Integer#MAX_VALUE} when the improvement is not above the margin
   */
  public int gradesNeeded(double improvement, double power, double exploration) {
    double advantage = improvement - gate.margin();
    if (advantage <= 0) {
      return Integer.MAX_VALUE;
    }
    double reach =
        NORMAL.inverseCumulativeProbability(gate.confidence())
            + NORMAL.inverseCumulativeProbability(power);
    double single = standardError(1, exploration);
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(Math.pow(reach * single / advantage, 2)));
  }
}
