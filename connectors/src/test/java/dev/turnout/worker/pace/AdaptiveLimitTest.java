package dev.turnout.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static void answers(AdaptiveLimit limit, int count, double seconds, Random random) {
    for (int i = 0; i < count; i++) {
      limit.answered((long) (SECOND * seconds * Math.exp(random.nextGaussian())));
    }
  }

  @RepeatedTest(20)
  void shouldStayAtTheMostWhileLatenciesOnlyScatter(RepetitionInfo repetition) {
    // given
    AdaptiveLimit limit = new AdaptiveLimit(16);
    Random random = new Random(repetition.getCurrentRepetition());
    long full = 0;

    // when
    for (int i = 0; i < 5000; i++) {
      answers(limit, 1, 1, random);
      full += limit.limit() == 16 ? 1 : 0;
    }

    // then
    assertThat(full).isEqualTo(5000);
  }

  @Test
  void shouldTakeAThirdAwayForTheRefusalsOfOneMoment() {
    // given
    AdaptiveLimit limit = new AdaptiveLimit(64);

    // when
    limit.refused(0);
    limit.refused(SECOND);

    // then
    assertThat(limit.limit()).isEqualTo(42);

    // when they go on
    for (int i = 2; i < 100; i++) {
      limit.refused(i * SECOND);
    }

    // then one at a time is left
    assertThat(limit.limit()).isEqualTo(1);
  }

  @Test
  void shouldComeBackInSteps() {
    // given
    AdaptiveLimit limit = new AdaptiveLimit(64);
    limit.refused(0);
    Random random = new Random(1);

    // when
    answers(limit, 42, 1, random);

    // then
    assertThat(limit.limit()).isEqualTo(46);
    answers(limit, 500, 1, random);
    assertThat(limit.limit()).isEqualTo(64);
  }

  @Test
  void shouldTakeLessAwayWhenTheLlmSlowsDownAndGetUsedToIt() {
    // given
    AdaptiveLimit limit = new AdaptiveLimit(64);
    Random random = new Random(1);
    answers(limit, 1000, 1, random);
    assertThat(limit.limit()).isEqualTo(64);

    // when it is eight times as slow
    answers(limit, 600, 8, random);

    // then
    assertThat(limit.limit()).isEqualTo(32);

    // when it stays so
    answers(limit, 10_000, 8, random);

    // then
    assertThat(limit.limit()).isEqualTo(64);
  }
}
