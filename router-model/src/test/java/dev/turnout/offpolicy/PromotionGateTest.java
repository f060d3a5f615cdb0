package dev.turnout.offpolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromotionGateTest {
  private final PromotionGate gate = new PromotionGate(GateSettings.defaults());

  @Test
  void shouldPromoteAClearlyBetterCandidate() {
    Verdict verdict = judge(5_000, 0.5, 0.7, 0.2);

    assertThat(verdict.promote()).isTrue();
    assertThat(verdict.reason()).contains("above the margin");
    assertThat(verdict.difference(Estimator.DR).value()).isCloseTo(0.2, within(0.1));
  }

  @Test
  void shouldRejectAWorseCandidate() {
    Verdict verdict = judge(5_000, 0.7, 0.5, 0.2);

    assertThat(verdict.promote()).isFalse();
    assertThat(verdict.report()).containsEntry("gate.verdict", "rejected");
  }

  @Test
  void shouldRejectOnTooFewSamplesAndSaySo() {
    Verdict verdict = judge(100, 0.5, 0.9, 0.5);

    assertThat(verdict.promote()).isFalse();
    assertThat(verdict.reason()).contains("only 100 held-out samples, 200 are needed");
  }

  @Test
  void shouldRejectWhenTheLogHardlyExplored() {
    Verdict verdict = judge(1_000, 0.5, 0.9, 0.02);

    assertThat(verdict.promote()).isFalse();
    assertThat(verdict.reason()).contains("more exploration is needed");
  }

  @Test
  void shouldNotTakeTheModelsWordForChoicesThatWereNeverTried() {
    // given a candidate that differs on a tenth of the queries, and never was its choice logged
    // there
    List<LoggedChoice> log = new ArrayList<>();
    double[][] candidate = new double[1_000][];
    double[][] serving = new double[1_000][];
    for (int i = 0; i < 1_000; i++) {
      log.add(new LoggedChoice(0, i % 2, 0.99, 1, new double[] {0.5, 0.9}));
      serving[i] = new double[] {1, 0};
      candidate[i] = i % 10 == 0 ? new double[] {0, 1} : new double[] {1, 0};
    }

    // when
    Verdict verdict = gate.judge(log, candidate, serving);

    // then
    assertThat(verdict.difference(Estimator.DR).lower()).isPositive();
    assertThat(verdict.promote()).isFalse();
    assertThat(verdict.reason()).contains("only 0 graded choices of the candidate's");
  }

  @Test
  void shouldRejectACandidateThatChoosesLikeTheServingModel() {
    // given
    List<LoggedChoice> log = new ArrayList<>();
    double[][] choices = new double[1_000][];
    for (int i = 0; i < 1_000; i++) {
      log.add(new LoggedChoice(i % 2, 1, 0.5, 1, new double[] {0.5, 0.5}));
      choices[i] = i % 3 == 0 ? new double[] {1, 0} : new double[] {0, 1};
    }

    // when
    Verdict verdict = gate.judge(log, choices, choices);

    // then
    assertThat(verdict.promote()).isFalse();
    assertThat(verdict.reason()).contains("as the serving model does on all 1000");
  }

  @Test
  void shouldPromoteACandidateThatHardlyMakesADifference() {
    // given one unlike choice in a thousand
    List<LoggedChoice> log = new ArrayList<>();
    double[][] candidate = new double[1_000][];
    double[][] serving = new double[1_000][];
    for (int i = 0; i < 1_000; i++) {
      log.add(new LoggedChoice(0, i % 2, 0.99, 1, new double[] {0.5, 0.5}));
      serving[i] = new double[] {1, 0};
      candidate[i] = i == 0 ? new double[] {0, 1} : new double[] {1, 0};
    }

    assertThat(gate.judge(log, candidate, serving).promote()).isTrue();
  }

  @Test
  void shouldPromoteAsOftenAsThePowerCurveSays() {
    // given candidates better by 0.06 that differ on every query, two LLMs
    PowerCurve curve = new PowerCurve(2, 1, 0.24, GateSettings.defaults());
    double predicted = curve.power(0.06, 2_000, 0.3);
    int promoted = 0;
    int trials = 300;
    for (int t = 0; t < trials; t++) {
      promoted += judge(2_000, 0.5, 0.56, 0.3, new Random(t)).promote() ? 1 : 0;
    }

    assertThat(promoted / (double) trials).isCloseTo(predicted, within(0.09));
  }

  @Test
  void shouldSayHowManyGradesAnImprovementNeeds() {
    PowerCurve curve = new PowerCurve(7, 0.3, 0.2, GateSettings.defaults());

    int grades = curve.gradesNeeded(0.04, 0.8, 0.1);

    assertThat(curve.power(0.04, grades, 0.1)).isCloseTo(0.8, within(1e-3));
    assertThat(curve.gradesNeeded(-0.02, 0.8, 0.1)).isEqualTo(Integer.MAX_VALUE);
    assertThat(curve.power(-0.01, grades, 0.1)).isCloseTo(0.05, within(1e-6));
  }

  private Verdict judge(int samples, double serving, double candidate, double exploration) {
    return judge(samples, serving, candidate, exploration, new Random(8));
  }

  private Verdict judge(
      int samples, double serving, double candidate, double exploration, Random random) {
    List<LoggedChoice> log = new ArrayList<>();
    double[][] ofCandidate = new double[samples][];
    double[][] ofServing = new double[samples][];
    double[] modelled = {serving, serving};
    for (int i = 0; i < samples; i++) {
      int chosen = random.nextDouble() < exploration ? random.nextInt(2) : 0;
      double propensity = exploration / 2 + (chosen == 0 ? 1 - exploration : 0);
      double reward = random.nextDouble() < (chosen == 0 ? serving : candidate) ? 1 : 0;
      log.add(new LoggedChoice(chosen, reward, propensity, 1, modelled));
      ofServing[i] = new double[] {1, 0};
      ofCandidate[i] = new double[] {0, 1};
    }
    return gate.judge(log, ofCandidate, ofServing);
  }
}
