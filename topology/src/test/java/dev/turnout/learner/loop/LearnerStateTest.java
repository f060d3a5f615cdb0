package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.GradedSample;
import dev.turnout.config.SettingValues;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.TinyEncoder;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.HalfPrecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LearnerStateTest {
  private static final int WINDOW = 400;

  private static LearnerState state(@Nullable TrainedTo trained) {
    return state(trained, 250);
  }

  private static LearnerState state(@Nullable TrainedTo trained, int trainAfterGrades) {
    LearnerSettings settings =
        LearnerSettings.from(
            SettingValues.of(
                Map.of(
                    "learner.samples",
                    Integer.toString(WINDOW),
                    "learner.cells",
                    "4",
                    "learner.cells-after",
                    "100",
                    "learner.train-after-grades",
                    Integer.toString(trainAfterGrades),
                    "learner.warm-start",
                    "true")));
    return new LearnerState(
        settings, TinyEncoder.ID, new LearnerMetrics(new SimpleMeterRegistry()), trained);
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
    List<String> due = new ArrayList<>();
    for (int from = 0; from < 800; from += 200) {
      take(state, from, from + 200);
      due.addAll(due(state, null));
    }

    // then the window is full at 400, which ends the doubling
    assertThat(due)
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
    assertThat(anew.samples())
        .extracting("queryId")
        .containsExactlyElementsOf(ids(whole.samples()));
  }

  private static List<String> ids(List<GradedSample> samples) {
    return samples.stream().map(GradedSample::queryId).toList();
  }

  @Test
  void shouldHoldNoMoreThanThreeWindowsHoweverLongPlacesWait() {
    // given
    LearnerState state = state(null);

    // when
    take(state, 0, 10_000);

    // then
    assertThat(state.samples()).hasSize(WINDOW);
    assertThat(state.taken()).isEqualTo(10_000);
    assertThat(state.rewards().of("m1", 0, grader -> 1)).hasSize(WINDOW);
    Set<String> held = new HashSet<>(ids(state.samples()));
    List<String> due = new ArrayList<>();
    for (TrainingPoint point = state.nextDue(null); point != null; point = state.nextDue(null)) {
      due.add(point.kind() + " " + point.offset());
      held.addAll(ids(point.samples()));
    }
    assertThat(due)
        .as("cells, without which nothing is trained, and candidates within the window")
        .containsExactly("CELLS 99", "CELLS 199", "CELLS 399", "CANDIDATE 9749", "CANDIDATE 9999");
    assertThat(held).hasSizeLessThanOrEqualTo(3 * WINDOW);
  }

  @Test
  void shouldHoldNoMoreThanSixteenCandidates() {
    // given
    LearnerState state = state(null, 10);

    // when
    take(state, 0, 1_000);

    // then
    assertThat(due(state, null))
        .filteredOn(due -> due.startsWith("CANDIDATE"))
        .hasSize(16)
        .startsWith("CANDIDATE 849 400")
        .endsWith("CANDIDATE 999 400");
  }

  @Test
  void shouldHoldTheLatestCandidateHoweverManySamplesLieBetween() {
    // given
    LearnerState state = state(null, 3 * WINDOW);

    // when
    take(state, 0, 6 * WINDOW);

    // then
    assertThat(due(state, null)).endsWith("CANDIDATE 2399 400");
  }

  @Test
  void shouldKeepOnlyTheLatestPlaceDuringATrial() {
    // given
    LearnerState state = state(null);
    take(state, 0, 800);

    // when
    state.follow(new Rollout(null, new Rollout.Stage("m2", 0, Instant.EPOCH), null));

    // then
    assertThat(due(state, null)).containsExactly("CANDIDATE 749 400");
  }

  @Test
  void shouldDropOnAStandbyWhatTheOtherLearnerHasJudged() {
    // given
    LearnerState state = state(null);
    take(state, 0, 800);

    // when
    state.follow(new Rollout(null, null, new TrainedTo(499, Instant.EPOCH)));

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
