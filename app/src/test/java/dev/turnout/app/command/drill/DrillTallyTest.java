package dev.turnout.app.command.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrillTallyTest {
  private static final long MILLI = 1_000_000;

  @Test
  void shouldTellWhatIsLostAndDoubledAndHowLongAPartitionWasSilent() {
    // given queries asked 10 ms apart on two partitions
    DrillTally tally = new DrillTally(5);
    for (int i = 0; i < 5; i++) {
      tally.asked(i, (100 + 10 * i) * MILLI);
    }

    // when one comes late, one twice and one never
    tally.decided(0, 0, 105 * MILLI);
    tally.decided(1, 1, 115 * MILLI);
    tally.decided(2, 0, 405 * MILLI);
    tally.decided(3, 1, 135 * MILLI);
    tally.decided(3, 1, 136 * MILLI);
    for (int i = 0; i < 4; i++) {
      tally.requested(i);
      tally.answered(i);
    }
    tally.answered(0);

    // then
    assertThat(tally.complete()).isFalse();
    assertThat(tally.allOnce()).isFalse();
    assertThat(tally.figures())
        .containsEntry("asked", 5)
        .containsEntry("lost", 1L)
        .containsEntry("doubled", 1L)
        .containsEntry("requestedTwice", 0L)
        .containsEntry("unanswered", 1L)
        .containsEntry("answeredTwice", 1L)
        .containsEntry("longestPauseMs", 285L)
        .containsEntry("p50Ms", 5.0)
        .containsEntry("slowestMs", 285.0);
  }

  @Test
  void shouldBeDoneWhenEachQueryHasAllOnce() {
    // given
    DrillTally tally = new DrillTally(1);
    tally.asked(0, MILLI);

    // when
    tally.requested(0);
    tally.decided(0, 0, 3 * MILLI);
    assertThat(tally.complete()).isFalse();
    tally.answered(0);

    // then an LLM that was asked twice is no harm to exactly-once
    tally.answered(0);
    assertThat(tally.allOnce()).isTrue();
  }

  @Test
  void shouldTakeARefusalForAnEndButNotBesideADecision() {
    // given
    DrillTally tally = new DrillTally(2);

    // when
    tally.refused(0);
    tally.refused(1);

    // then
    assertThat(tally.allOnce()).isTrue();
    assertThat(tally.figures())
        .containsEntry("lost", 0L)
        .containsEntry("withoutRequest", 0L)
        .containsEntry("refused", 2L);
    tally.decided(1, 0, MILLI);
    assertThat(tally.allOnce()).isFalse();
    assertThat(tally.figures()).containsEntry("doubled", 1L);
  }
}
