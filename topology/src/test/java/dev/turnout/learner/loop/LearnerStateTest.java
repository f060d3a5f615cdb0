package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.GradedSample;
import dev.turnout.config.SettingValues;
import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.TinyEncoder;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.HalfPrecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LearnerStateTest {
  private static final LearnerSettings SETTINGS =
      LearnerSettings.from(
          SettingValues.of(
              Map.of(
                  "learner.samples", "400",
                  "learner.cells", "4",
                  "learner.cells-after", "100",
                  "learner.train-after-grades", "250",
                  "learner.warm-start", "true")));

  private static LearnerState state(@Nullable TrainedTo trained) {
    return new LearnerState(
        SETTINGS, TinyEncoder.ID, new LearnerMetrics(new SimpleMeterRegistry()), trained);
  }

  private static void take(LearnerState state, int from, int to) {
    for (int i = from; i < to; i++) {
      state.take(
          i,
          Instant.EPOCH,
          TrainingSample.newBuilder()
              .setQueryId("q" + i)
              .setEmbedding(HalfPrecision.pack(TinyEncoder.vector("question " + i)))
              .setEncoderId(TinyEncoder.ID.toString())
              .setLlm("any")
              .setReward(1)
              .setPropensity(1)
              .setPolicy("random")
              .setModelVersion("m1")
              .setGrader("g")
              .setDecidedAt(Instant.ofEpochMilli(i))
              .setGradedAt(Instant.ofEpochMilli(i))
              .build());
    }
  }

  private static List<String> due(LearnerState state, @Nullable TrainedTo judged) {
    List<String> due = new ArrayList<>();
    for (TrainingPoint point = state.nextDue(judged);
        point != null;
        point = state.nextDue(judged)) {
      due.add(point.kind() + " " + point.offset() + " " + point.samples().size());
    }
    return due;
  }

  @Test
  void shouldBeDueForCellsAsSamplesDoubleAndForCandidatesInTheOrderOfTheLog() {
    // given
    LearnerState state = state(null);

    // when
    take(state, 0, 800);

    // then the window is full at 400, which ends the doubling
    assertThat(due(state, null))
        .containsExactly(
            "CELLS 99 100",
            "CELLS 199 200",
            "CANDIDATE 249 250",
            "CELLS 399 400",
            "CANDIDATE 499 400",
            "CANDIDATE 749 400");
  }

  @Test
  void shouldTrainAnewWhatACrashCutShortAndNothingElse() {
    // given a state that saw it all, and one begun anew after the verdict at 249
    LearnerState whole = state(null);
    take(whole, 0, 800);
    TrainedTo judged = new TrainedTo(249, Instant.EPOCH);
    LearnerState anew = state(judged);

    // when
    take(anew, 0, 800);

    // then
    assertThat(due(anew, judged)).isEqualTo(due(whole, judged)).isNotEmpty();
    assertThat(anew.samples()).extracting("queryId").containsExactlyElementsOf(ids(whole));
  }

  private static List<String> ids(LearnerState state) {
    return state.samples().stream().map(sample -> sample.queryId()).toList();
  }

  @Test
  void shouldHoldNoMoreThanItsWindowAndSixteenPlaces() {
    // given
    LearnerState state = state(null);

    // when
    take(state, 0, 10_000);

    // then
    assertThat(state.samples()).hasSize(400);
    assertThat(state.taken()).isEqualTo(10_000);
    assertThat(state.rewards().of("m1", 0, grader -> 1)).hasSize(400);
    List<String> due = due(state, null);
    assertThat(due).hasSize(16).last().isEqualTo("CANDIDATE 9999 400");
  }

  @Test
  void shouldKeepOnlyTheLatestPlaceDuringATrial() {
    // given
    LearnerState state = state(null);
    take(state, 0, 800);

    // when
    state.keepLatestDue();

    // then
    assertThat(due(state, null)).containsExactly("CANDIDATE 749 400");
  }

  @Test
  void shouldWeighGradesByWhoGaveThem() {
    // given
    LearnerState state = state(null);
    TrainingSample.Builder sample =
        TrainingSample.newBuilder()
            .setQueryId("q")
            .setEmbedding(HalfPrecision.pack(TinyEncoder.vector("question")))
            .setEncoderId(TinyEncoder.ID.toString())
            .setLlm("any")
            .setReward(1)
            .setPropensity(1)
            .setPolicy("random")
            .setModelVersion("m1")
            .setDecidedAt(Instant.EPOCH)
            .setGradedAt(Instant.EPOCH);

    // when
    for (String grader : List.of("judge", "implicit-chat", "thumbs")) {
      state.take(0, Instant.EPOCH, sample.setGrader(grader).build());
    }

    // then
    assertThat(state.samples()).extracting(GradedSample::weight).containsExactly(1.0, 0.1, 0.5);
  }
}
