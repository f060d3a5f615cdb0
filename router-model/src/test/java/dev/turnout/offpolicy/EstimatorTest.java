package dev.turnout.offpolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimatorTest {
  private static final double[] NO_MODEL = {0, 0};

  @Test
  void shouldGiveTheAnswersOfAHandWorkedLog() {
    // given LLM 0 chosen with 0.5 and earning 1, LLM 1 chosen with 0.25 and earning 0.5
    List<LoggedChoice> log =
        List.of(
            new LoggedChoice(0, 1, 0.5, 1, NO_MODEL), new LoggedChoice(1, 0.5, 0.25, 1, NO_MODEL));
    double[][] target = {{1, 0}, {0, 1}};

    // then IPS = (1/0.5 + 0.5/0.25) / 2, SNIPS = 4 / (2 + 4)
    assertThat(Estimator.IPS.estimate(log, target, 0.95).value()).isCloseTo(2, within(1e-12));
    assertThat(Estimator.SNIPS.estimate(log, target, 0.95).value())
        .isCloseTo(4.0 / 6, within(1e-12));
    assertThat(Estimator.DR.estimate(log, target, 0.95).value()).isCloseTo(2, within(1e-12));
    assertThat(Estimator.IPS.estimate(log, target, 0.95).effectiveSampleSize())
        .isCloseTo(36.0 / 20, within(1e-12));
  }

  @Test
  void shouldBeExactWithAPerfectModel() {
    // given rewards that the model knows
    double[] truth = {0.25, 0.75};
    List<LoggedChoice> log =
        List.of(new LoggedChoice(0, 0.25, 0.9, 1, truth), new LoggedChoice(0, 0.25, 0.9, 1, truth));

    // when the target always plays the LLM that was never chosen
    Estimate estimate = Estimator.DR.estimate(log, new double[][] {{0, 1}, {0, 1}}, 0.95);

    // then
    assertThat(estimate.value()).isEqualTo(0.75);
    assertThat(estimate.standardError()).isZero();
  }

  @Test
  void shouldCoverTheTruthAsOftenAsItClaims() {
    for (Estimator estimator : Estimator.values()) {
      // given
      Planted world = new Planted(5, 0.1);
      Random random = new Random(11);
      int replays = 400;
      int covered = 0;
      double bias = 0;

      // when
      for (int r = 0; r < replays; r++) {
        Planted.Log log = world.log(2_000, random);
        Estimate estimate = estimator.estimate(log.choices(), log.target(), 0.95);
        covered += estimate.covers(world.targetValue()) ? 1 : 0;
        bias += (estimate.value() - world.targetValue()) / replays;
      }

      // then
      assertThat(covered / (double) replays).as(estimator.name()).isBetween(0.91, 0.985);
      assertThat(bias).as(estimator.name()).isCloseTo(0, within(0.01));
    }
  }

  @Test
  void shouldBeNarrowerDoublyRobustThanByPropensityAlone() {
    Planted.Log log = new Planted(5, 0.1).log(3_000, new Random(2));

    double robust = Estimator.DR.estimate(log.choices(), log.target(), 0.95).standardError();
    double plain = Estimator.IPS.estimate(log.choices(), log.target(), 0.95).standardError();

    assertThat(robust).isLessThan(0.9 * plain);
  }

  @Test
  void shouldFindNoDifferenceOfAPolicyToItself() {
    Planted.Log log = new Planted(5, 0.1).log(500, new Random(3));

    for (Estimator estimator : Estimator.values()) {
      Estimate estimate = estimator.difference(log.choices(), log.target(), log.target(), 0.95);
      assertThat(estimate.value()).isZero();
      assertThat(estimate.standardError()).isZero();
    }
  }

  @Test
  void shouldLeaveOutUntrustedChoices() {
    // given a log, and the same log with an absurd grade without trust
    Planted.Log log = new Planted(5, 0.2).log(500, new Random(4));
    List<LoggedChoice> poisoned = new ArrayList<>(log.choices());
    poisoned.set(0, new LoggedChoice(0, 1000, 0.01, 0, new double[5]));
    List<LoggedChoice> without = log.choices().subList(1, 500);
    double[][] rest = java.util.Arrays.copyOfRange(log.target(), 1, 500);

    for (Estimator estimator : Estimator.values()) {
      assertThat(estimator.estimate(poisoned, log.target(), 0.95).value())
          .isCloseTo(estimator.estimate(without, rest, 0.95).value(), within(1e-12));
    }
  }

  @Test
  void shouldClaimNothingFromAnEmptyLog() {
    Estimate estimate = Estimator.DR.estimate(List.of(), new double[0][], 0.95);

    assertThat(estimate.samples()).isZero();
    assertThat(estimate.lower()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void shouldRefuseAPropensityOfZero() {
    assertThatThrownBy(() -> new LoggedChoice(0, 1, 0, 1, NO_MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("propensity");
  }
}
