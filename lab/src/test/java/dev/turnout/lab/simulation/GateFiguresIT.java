package dev.turnout.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.lab.simulation.PlantedTrials.Exploration;
import dev.turnout.lab.simulation.PlantedTrials.Planted;
import dev.turnout.offpolicy.Estimate;
import dev.turnout.offpolicy.Estimator;
import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.Verdict;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gate on recorded outcomes with planted candidates, judged from a log of the serving one. */
class GateFiguresIT {
  private static final Logger LOG = LoggerFactory.getLogger(GateFiguresIT.class);
  private static final int GRADES = 5_000;
  private static final double EXPLORATION = 0.1;

  @SuppressWarnings("NullAway.Init")
  private static PlantedTrials trials;

  private static int llms;

  @BeforeAll
  static void read() {
    RecordedOutcomes data = RecordedOutcomes.readOrSkip();
    llms = data.llms().size();
    trials = new PlantedTrials(data.encoder(), data.llms(), data.train(), GateSettings.defaults());
  }

  @Test
  void shouldPromoteNoWorseAndMostMuchBetterCandidatesFromEvenExploration() {
    assertThat(promoted(-1, -0.01, Exploration.EVEN)).isLessThanOrEqualTo(2);
    assertThat(promoted(0.04, 1, Exploration.EVEN)).isGreaterThanOrEqualTo(40);
  }

  @Test
  void shouldPromoteNoWorseAndNearlyAllMuchBetterCandidatesFromStagedExploration() {
    assertThat(promoted(-1, -0.01, Exploration.STAGED)).isLessThanOrEqualTo(2);
    assertThat(promoted(0.04, 1, Exploration.STAGED)).isGreaterThanOrEqualTo(47);
  }

  @Test
  void shouldCoverTheTruthInNineOfTenReplays() {
    Random random = new Random(2);
    int covered = 0;
    for (int replay = 0; replay < 100; replay++) {
      int[] serving = trials.plant(-1, 1, random).serving();
      int[] target = random.ints(serving.length, 0, llms).toArray();
      Estimate estimate = trials.estimate(serving, target, GRADES, EXPLORATION, 0.95, random);
      covered += estimate.covers(trials.value(target)) ? 1 : 0;
    }
    LOG.info("the DR interval covers the truth in {} of 100 replays", covered);
    assertThat(covered).isGreaterThanOrEqualTo(90);
  }

  /** How many of 50 candidates with an improvement within the bounds are promoted. */
  private static int promoted(double from, double to, Exploration exploration) {
    Random random = new Random(1);
    int promoted = 0;
    double error = 0;
    for (int trial = 0; trial < 50; trial++) {
      Planted planted = trials.plant(from, to, random);
      Verdict verdict = trials.judge(planted, GRADES, EXPLORATION, exploration, random);
      promoted += verdict.promote() ? 1 : 0;
      error += verdict.difference(Estimator.DR).standardError() / 50;
    }
    LOG.info(
        String.format(
            Locale.ROOT,
            "%s exploration of 10 %% promoted %d of 50 candidates better by %.2f or more and %.2f at"
                + " most, standard error %.2f points",
            exploration,
            promoted,
            from,
            to,
            100 * error));
    return promoted;
  }
}
