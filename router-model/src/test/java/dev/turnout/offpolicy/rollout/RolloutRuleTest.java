package dev.turnout.offpolicy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.offpolicy.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutRuleTest {
  private final RolloutRule rule =
      new RolloutRule(
          new StageSettings(List.of(0.0, 0.1, 0.5, 1.0), 200),
          new RollbackSettings(true, 0.02, 0.95, 50, 1_000));

  private static Estimate estimate(double value, double reach) {
    return new Estimate(value, reach / 2, value - reach, value + reach, 100, 100);
  }

  @Test
  void shouldStayUntilTheStageHasItsGrades() {
    assertThat(rule.onTrial(0.1, estimate(0.2, 0.01), 199)).isInstanceOf(RolloutStep.Stay.class);
  }

  @Test
  void shouldClimbStageByStage() {
    // when
    RolloutStep fromShadow = rule.onTrial(0, estimate(0, 0.1), 200);
    RolloutStep fromCanary = rule.onTrial(0.1, estimate(0, 0.1), 200);
    RolloutStep fromHalf = rule.onTrial(0.5, estimate(-0.01, 0.1), 200);

    // then
    assertThat(fromShadow).extracting("share").isEqualTo(0.1);
    assertThat(fromCanary).extracting("share").isEqualTo(0.5);
    assertThat(fromHalf).extracting("share").isEqualTo(1.0);
    assertThat(fromHalf.reason()).contains("50.0 %", "-0.0100");
  }

  @Test
  void shouldRollBackAsSoonAsADropIsSure() {
    assertThat(rule.onTrial(0.1, estimate(-0.2, 0.1), 60)).isInstanceOf(RolloutStep.RollBack.class);
    assertThat(rule.inCharge(estimate(-0.2, 0.1), 60)).isInstanceOf(RolloutStep.RollBack.class);
  }

  @Test
  void shouldPutUpWithADropWithinTheMargin() {
    assertThat(rule.inCharge(estimate(-0.015, 0.001), 500)).isInstanceOf(RolloutStep.Stay.class);
    assertThat(rule.onTrial(0.1, estimate(-0.015, 0.001), 200))
        .isInstanceOf(RolloutStep.Advance.class);
  }

  @Test
  void shouldNotRiseWhileItLooksWorseAndLeaveInTheEnd() {
    assertThat(rule.onTrial(0.1, estimate(-0.05, 0.1), 999)).isInstanceOf(RolloutStep.Stay.class);
    assertThat(rule.onTrial(0.1, estimate(-0.05, 0.1), 1_000))
        .isInstanceOf(RolloutStep.RollBack.class);
  }

  @Test
  void shouldSettleWhenTheWatchIsOver() {
    assertThat(rule.inCharge(estimate(0, 0.1), 999)).isInstanceOf(RolloutStep.Stay.class);
    assertThat(rule.inCharge(estimate(0, 0.1), 1_000)).isInstanceOf(RolloutStep.Settled.class);
  }

  @Test
  void shouldRefuseStagesThatDoNotClimbToAll() {
    assertThatThrownBy(() -> new StageSettings(List.of(0.1, 0.5), 200))
        .hasMessageContaining("last stage must be 1");
    assertThatThrownBy(() -> new StageSettings(List.of(0.5, 0.1, 1.0), 200))
        .hasMessageContaining("each above the one before");
    assertThatThrownBy(() -> new StageSettings(List.of(), 200))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
