package dev.turnout.lab.replay.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.encoder.EncoderSettings;
import dev.turnout.lab.replay.ReplayLog;
import dev.turnout.lab.replay.ReplayOptions;
import dev.turnout.lab.replay.ReplayTruth;
import dev.turnout.lab.simulation.SimulatedQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class ScenarioFiguresTest {
  private static final int LENGTH = 4_000;
  private static final List<SimulatedQuery> STREAM = stream();

  private static List<SimulatedQuery> stream() {
    List<SimulatedQuery> stream = new ArrayList<>();
    for (int i = 0; i < LENGTH; i++) {
      stream.add(new SimulatedQuery("q" + i, new float[] {1}, new double[] {0.8, 0.5}, 0));
    }
    return stream;
  }

  private static ReplayOptions options(
      double loss, double adversarial, boolean drift, boolean newLlm, boolean restart) {
    return new ReplayOptions(
        Path.of("unused"),
        LENGTH,
        1,
        0,
        EncoderSettings.staticEncoder(),
        0,
        16,
        0,
        loss,
        0,
        adversarial,
        drift,
        newLlm,
        restart);
  }

  /** A replay that chose an LLM by position. */
  private static ReplayResult result(
      int degraded, int late, double finalId, IntUnaryOperator choice) {
    ReplayTruth truth = new ReplayTruth(STREAM, degraded, late);
    ReplayLog log = new ReplayLog(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      int llm = choice.applyAsInt(i);
      log.decide(i, llm, truth.reward(i, llm), 0.5);
    }
    return new ReplayResult(1, 0, truth, log, finalId, 0.4, 0, 0, Map.of(), List.of(), 1);
  }

  @Test
  void shouldReportHowWellSuccessWasPredictedOverTime() {
    // given predictions that are halves at first and right to a tenth in the second half
    ReplayResult result = result(-1, -1, 0.55, i -> 0);
    for (int i = 0; i < LENGTH; i++) {
      boolean late = i >= LENGTH / 2;
      result.log().predict(i, late ? 0.1 + 0.8 * result.log().reward(i) : 0.5);
    }

    // then
    assertThat(result.successLogLoss()).hasSize(10);
    assertThat(result.successLogLoss().get(0)).isCloseTo(Math.log(2), within(1e-9));
    assertThat(result.successLogLoss().get(9)).isLessThan(Math.log(2));
  }

  @Test
  void shouldReportHowMuchOfTheWrongShareIsGoneFiveHundredGradesLater() {
    // given an LLM that had all queries and, of every ten, has one 500 grades after it degraded
    ReplayResult result = result(0, -1, 0.55, i -> i < 2_700 || i % 10 == 0 ? 0 : 1);

    // when half of the grades are lost, so that 500 take a thousand queries, or none is
    Map<String, Double> lossy =
        ScenarioFigures.of(options(0.5, 0, true, false, false), result, List.of());
    Map<String, Double> plain =
        ScenarioFigures.of(options(0, 0, true, false, false), result, List.of());

    // then it is right for no task, and for its half of the floor of 3 %
    assertThat(lossy.get("degraded_right_share")).isCloseTo(0.015, within(1e-9));
    assertThat(lossy.get("degraded_share_after_500_graded")).isCloseTo(0.1, within(1e-9));
    assertThat(lossy.get("degraded_wrong_share_lost"))
        .isCloseTo((1 - 0.1) / (1 - 0.015), within(1e-9));
    // from 2,500 to 2,700 it still had all
    assertThat(plain.get("degraded_share_after_500_graded"))
        .isCloseTo((200 + 30) / 500.0, within(1e-9));
  }

  @Test
  void shouldHoldANewLlmAgainstTheShareItHasWhereItWasThereFromTheStart() {
    ReplayResult result = result(-1, 0, 0.55, i -> i >= 2_000 && i % 4 == 0 ? 0 : 1);
    ReplayResult twin = result(-1, -1, 0.56, i -> i % 2);

    Map<String, Double> figures =
        ScenarioFigures.of(options(0, 0, false, true, false), result, List.of(twin));

    assertThat(figures.get("new_llm_share_after_1000_graded")).isCloseTo(0.25, within(1e-9));
    assertThat(figures.get("new_llm_right_share")).isCloseTo(0.5, within(1e-9));
    assertThat(figures.get("new_llm_right_share_reached")).isCloseTo(0.5, within(1e-9));
    assertThat(figures.get("difference_final_id")).isCloseTo(-1, within(1e-9));
  }

  @Test
  void shouldSetARestartBesideTheNoiseFromRunToRun() {
    ReplayResult restarted = result(-1, -1, 0.555, i -> 0);
    ReplayResult twin = result(-1, -1, 0.56, i -> 0);
    ReplayResult again = result(-1, -1, 0.552, i -> 0);

    Map<String, Double> figures =
        ScenarioFigures.of(options(0, 0, false, false, true), restarted, List.of(twin, again));

    assertThat(figures.get("difference_final_id")).isCloseTo(-0.1, within(1e-9));
    assertThat(figures.get("noise_final_id")).isCloseTo(0.8, within(1e-9));
  }

  @Test
  void shouldReportHowMuchTheFiguresOfSeveralStreamsTell() {
    // given two streams, the LLMs' names do not matter
    ReplayResult one =
        result(-1, -1, 0.55, i -> 0).withScenario(Map.of("difference_final_id", -1.0));
    ReplayResult other =
        result(-1, -1, 0.57, i -> 0).withScenario(Map.of("difference_final_id", 2.0));

    // when
    Map<String, Object> json = new ReplaySummary(List.of("a", "b"), List.of(one, other)).json();
    Map<String, Object> alone = new ReplaySummary(List.of("a", "b"), List.of(one)).json();

    // then the standard error of a mean of two is half their distance
    assertThat(json.get("scenario"))
        .isEqualTo(Map.of("difference_final_id", 0.5, "difference_final_id_standard_error", 1.5));
    assertThat(json)
        .hasEntrySatisfying(
            "final_id_standard_error",
            value -> assertThat((Double) value).isCloseTo(1, within(1e-9)));
    assertThat(alone.get("scenario")).isEqualTo(Map.of("difference_final_id", -1.0));
    assertThat(alone).doesNotContainKey("final_id_standard_error");
  }

  @Test
  void shouldPlayAsManyTwinsAsTheScenarioNeeds() {
    assertThat(options(0.5, 0, true, false, false).twins()).isZero();
    assertThat(options(0, 0.1, false, false, false).twins()).isEqualTo(1);
    assertThat(options(0, 0, false, true, false).twins()).isEqualTo(1);
    ReplayOptions restart = options(0.3, 0.1, false, false, true);
    assertThat(restart.twins()).isEqualTo(2);
    assertThat(restart.undisturbed()).isEqualTo(options(0.3, 0, false, false, false));
  }
}
