package dev.turnout.app.quickstart.scenario;

import dev.turnout.math.Logistic;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides how well each simulated LLM answers a query. A query has a difficulty that all LLMs
 * share, so that some queries defeat everybody and the oracle stays below 1; given it, LLMs do well
 * or badly independently of each other. Equal seeds, queries and rounds give equal answers.
 */
final class SimulatedWorld {

  /** Standard deviation of the difficulty, on the log-odds scale. */
  private static final double DIFFICULTY_SPREAD = 1.3;

  /** A grader looks at this many points of an answer. */
  private static final int POINTS = 4;

  private final List<ScenarioSkills> llms;
  private final long seed;

  SimulatedWorld(List<ScenarioSkills> llms, long seed) {
    this.llms = List.copyOf(llms);
    this.seed = seed;
  }

  /**
   * Rewards of all LLMs in their order: the share of {@value #POINTS} points that the answer meets.
   *
   * @param round how often this query has been asked before; each time anew
   */
  double[] rewards(SampleQuery query, int round) {
    SplittableRandom random = new SplittableRandom(mix(seed, query.id().hashCode(), round));
    double difficulty = DIFFICULTY_SPREAD * gaussian(random);
    double[] rewards = new double[llms.size()];
    for (int i = 0; i < rewards.length; i++) {
      double success = llms.get(i).success(query.domain(), query.language());
      double logOdds = Math.log(success / (1 - success)) - difficulty;
      double chance = Logistic.sigmoid(logOdds);
      for (int point = 0; point < POINTS; point++) {
        rewards[i] += random.nextDouble() < chance ? 1.0 / POINTS : 0;
      }
    }
    return rewards;
  }

  private static double gaussian(SplittableRandom random) {
    // The sum of twelve uniform numbers has variance one and is near enough to normal here.
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  private static long mix(long seed, long first, long second) {
    long mixed = seed;
    mixed = (mixed ^ first) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 29) ^ second) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 32);
  }
}
