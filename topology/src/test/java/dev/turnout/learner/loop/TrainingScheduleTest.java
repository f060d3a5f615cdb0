package dev.turnout.learner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.model.Rollout.TrainedTo;
import dev.turnout.learner.LearnerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainingScheduleTest {
  private static final LearnerSettings.Training SETTINGS =
      new LearnerSettings.Training(true, 4, 100, 500, Duration.ofMinutes(10), 0.25, true, 2, 1);

  /** Places between two offsets, one sample a second, every third offset a commit marker. */
  private static List<Long> due(long from, long to, @Nullable TrainedTo last) {
    TrainingSchedule schedule = new TrainingSchedule(SETTINGS, last);
    List<Long> due = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      if (offset % 3 != 2 && schedule.dueAfter(offset, Instant.ofEpochSecond(offset))) {
        due.add(offset);
      }
    }
    return due;
  }

  @Test
  void shouldBeDueByTimeOfTheSamplesWhenThatComesFirst() {
    // 500 samples take 750 s here, 10 minutes are sooner
    assertThat(due(0, 2_000, null)).startsWith(600L, 1_200L);
  }

  @Test
  void shouldBeDueByNumberWhenTheSamplesComeFast() {
    // given
    TrainingSchedule schedule = new TrainingSchedule(SETTINGS, null);
    int due = 0;

    // when
    for (long offset = 0; offset < 1_600; offset++) {
      due += schedule.dueAfter(offset, Instant.EPOCH) ? 1 : 0;
    }

    // then
    assertThat(due).isEqualTo(3);
  }

  @Test
  void shouldWaitForEnoughNewSamplesHoweverLongItTakes() {
    // given
    TrainingSchedule schedule = new TrainingSchedule(SETTINGS, null);

    // then
    for (int i = 0; i < 199; i++) {
      assertThat(schedule.dueAfter(i, Instant.ofEpochSecond(3_600L * i))).isFalse();
    }
    assertThat(schedule.dueAfter(199, Instant.ofEpochSecond(3_600L * 199))).isTrue();
  }

  @Test
  void shouldFallDueAtTheSamePlacesAfterARestart() {
    // given
    List<Long> uninterrupted = due(0, 5_000, null);
    long judged = uninterrupted.get(2);

    // when: begun anew, reading from somewhere before the last place that was judged
    List<Long> resumed = due(300, 5_000, new TrainedTo(judged, Instant.ofEpochSecond(judged)));

    // then
    assertThat(resumed).isNotEmpty();
    assertThat(resumed).isEqualTo(uninterrupted.subList(3, uninterrupted.size()));
  }
}
