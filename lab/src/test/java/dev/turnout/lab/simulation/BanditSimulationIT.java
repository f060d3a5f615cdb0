package dev.turnout.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of the feedback loop on recorded outcomes: 8,000 graded queries, no warm start. A
 * build takes one stream of fixed seed, {@code -Dturnout.seeds=10} ten. Several LLMs are nearly as
 * good as the best, so that which of them a single stream comes to favour, and how soon, is chance;
 * what depends on it is bounded in the mean over all streams.
 */
class BanditSimulationIT {
  private static final Logger LOG = LoggerFactory.getLogger(BanditSimulationIT.class);
  private static final int LENGTH = 8_000;
  private static final int SEEDS = Integer.getInteger("turnout.seeds", 1);

  /** The defaults, but for what a comparison names. */
  private static final SimulationSettings SETTINGS =
      SimulationSettings.defaults()
          .withTraining(
              Boolean.parseBoolean(System.getProperty("turnout.warm-start", "false")),
              Double.parseDouble(System.getProperty("turnout.propensity-clip", "2")));

  private static final Map<Long, SimulationResult> PLAIN = new HashMap<>();

  @SuppressWarnings("NullAway.Init")
  private static RecordedOutcomes data;

  @BeforeAll
  static void read() {
    data = RecordedOutcomes.readOrSkip();
  }

  @Test
  void shouldBeatTheBestSingleLlmWhileLearning() {
    double reward = 0;
    double single = 0;
    double inDistribution = 0;
    double shifted = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // given
      List<SimulatedQuery> stream = BalancedStream.of(data.train(), LENGTH, seed);

      // when
      SimulationResult result = plain(stream, seed);

      // then
      reward += result.meanReward() / SEEDS;
      single += BalancedStream.bestSingle(stream) / SEEDS;
      inDistribution += BalancedStream.balanced(data.test(), result.choose(data.test())) / SEEDS;
      shifted += BalancedStream.balanced(data.shifted(), result.choose(data.shifted())) / SEEDS;
    }
    LOG.info(
        String.format(
            Locale.ROOT,
            "mean reward %.2f (best single %.2f), final ID %.2f, OOD %.2f over %d seeds",
            100 * reward,
            100 * single,
            100 * inDistribution,
            100 * shifted,
            SEEDS));
    assertThat(reward).isGreaterThan(single + 0.008);
    assertThat(inDistribution).isGreaterThan(0.54);
    assertThat(shifted).isGreaterThan(0.42);
  }

  @Test
  void shouldLoseLittleToAnAdversarialGrader() {
    double honest = 0;
    double poisoned = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      List<SimulatedQuery> stream = BalancedStream.of(data.train(), LENGTH, seed);
      SimulationResult plain = plain(stream, seed);
      SimulationResult attacked = run(stream, new StreamScenario(0.1, 0, 0, 0, -1, -1), seed);

      assertThat(attacked.posteriors().trust().get("mallory")).isLessThan(0.3);
      honest += BalancedStream.balanced(data.test(), plain.choose(data.test())) / SEEDS;
      poisoned += BalancedStream.balanced(data.test(), attacked.choose(data.test())) / SEEDS;
    }
    LOG.info(
        String.format(Locale.ROOT, "final ID %.2f, attacked %.2f", 100 * honest, 100 * poisoned));
    assertThat(poisoned).isGreaterThan(honest - 0.02);
  }

  @Test
  void shouldLeaveADegradedLlm() {
    for (int seed = 0; seed < SEEDS; seed++) {
      // given the LLM that the plain run prefers before the middle
      List<SimulatedQuery> stream = BalancedStream.of(data.train(), LENGTH, seed);
      int half = LENGTH / 2;
      int favourite = favourite(plain(stream, seed), half);

      // when it degrades in the middle
      SimulationResult result = run(stream, new StreamScenario(0, 0, 0, 0, favourite, -1), seed);

      // then of its share 80 % is gone 500 queries later, beyond what exploration keeps
      double before = result.share(favourite, half - 500, half);
      double after = result.share(favourite, half + 500, half + 1000);
      LOG.info(
          String.format(
              Locale.ROOT,
              "share of the degraded %s: %.3f before, %.3f from 500 to 1,000 after",
              data.llms().get(favourite),
              before,
              after));
      assertThat(after).isLessThan(0.2 * before + 0.01);
    }
  }

  @Test
  void shouldDiscoverANewLlm() {
    double shares = 0;
    double rights = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // given the share the favourite has when it is there from the start
      List<SimulatedQuery> stream = BalancedStream.of(data.train(), LENGTH, seed);
      int half = LENGTH / 2;
      SimulationResult plain = plain(stream, seed);
      int favourite = favourite(plain, half);
      double right = plain.share(favourite, LENGTH - 2000, LENGTH);

      // when it appears half-way
      SimulationResult result = run(stream, new StreamScenario(0, 0, 0, 0, -1, favourite), seed);

      // then it is used before long
      double share = result.share(favourite, half + 1000, half + 2000);
      LOG.info(
          String.format(
              Locale.ROOT,
              "share of the new %s: %.3f from 1,000 to 2,000 after it came, right is %.3f",
              data.llms().get(favourite),
              share,
              right));
      assertThat(result.share(favourite, 0, half)).isZero();
      shares += share / SEEDS;
      rights += right / SEEDS;
    }
    assertThat(shares).isGreaterThan(0.5 * rights);
  }

  private static int favourite(SimulationResult result, int position) {
    int favourite = 0;
    for (int a = 1; a < data.llms().size(); a++) {
      if (result.share(a, position - 1000, position)
          > result.share(favourite, position - 1000, position)) {
        favourite = a;
      }
    }
    return favourite;
  }

  /** The undisturbed run of a seed, once for all tests. */
  private static SimulationResult plain(List<SimulatedQuery> stream, long seed) {
    return PLAIN.computeIfAbsent(seed, each -> run(stream, StreamScenario.plain(), each));
  }

  private static SimulationResult run(
      List<SimulatedQuery> stream, StreamScenario scenario, long seed) {
    SimulationResult result =
        new BanditSimulation(data.encoder(), data.llms(), SETTINGS).run(stream, scenario, seed);
    LOG.info(
        String.format(
            Locale.ROOT,
            "seed %d: reward %.2f, best single %.2f, ID %.2f, OOD %.2f, changes %s, trust %s",
            seed,
            100 * result.meanReward(),
            100 * BalancedStream.bestSingle(stream),
            100 * BalancedStream.balanced(data.test(), result.choose(data.test())),
            100 * BalancedStream.balanced(data.shifted(), result.choose(data.shifted())),
            result.posteriors().changes(),
            result.posteriors().trust()));
    result.verdicts().forEach(verdict -> LOG.info(verdict.report().toString()));
    return result;
  }
}
