package dev.turnout.router.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private static final int FEW = 16;
  private static final int MANY = 17;

  private final CommitPace pace = CommitPace.ofTransactions();

  @Test
  void shouldCommitEverySmallPoll() {
    assertThat(pace.isDue(FEW, millis(1_000))).isTrue();
    assertThat(pace.isDue(1, millis(1_001))).isTrue();
    assertThat(pace.isDue(FEW, millis(1_002))).isTrue();
  }

  @Test
  void shouldNotCommitAmidAPoll() {
    assertThat(pace.isDue(0, millis(1_000))).isFalse();
  }

  @Test
  void shouldCommitLargePollsOnceInAHundredMilliseconds() {
    assertThat(pace.isDue(MANY, millis(1_000))).as("the first").isTrue();
    assertThat(pace.isDue(MANY, millis(1_099))).isFalse();
    assertThat(pace.isDue(MANY, millis(1_100))).isTrue();
    assertThat(pace.isDue(MANY, millis(1_150))).isFalse();
  }

  @Test
  void shouldNotLeaveTheLastPollOfABurstToTheInterval() {
    pace.isDue(MANY, millis(1_000));
    assertThat(pace.isOverdue(millis(1_200))).as("nothing is open").isFalse();

    pace.isDue(MANY, millis(1_050));
    assertThat(pace.isOverdue(millis(1_099))).isFalse();
    assertThat(pace.isOverdue(millis(1_100))).isTrue();
    assertThat(pace.isOverdue(millis(1_300))).as("once").isFalse();
  }

  @Test
  void shouldCountFromASmallPollToo() {
    pace.isDue(FEW, millis(1_000));

    assertThat(pace.isDue(MANY, millis(1_050))).isFalse();
    assertThat(pace.isDue(MANY, millis(1_100))).isTrue();
  }

  @Test
  void shouldCommitTheFirstLargePollWhateverTheClockShows() {
    // System.nanoTime may be anything, also negative or near zero
    assertThat(pace.isDue(MANY, Long.MIN_VALUE)).isTrue();
    assertThat(CommitPace.ofTransactions().isDue(MANY, 0)).isTrue();
  }

  @Test
  void shouldLeaveCommitsToStreamsWithoutTransactions() {
    CommitPace none = CommitPace.none();

    assertThat(none.isDue(1, millis(1_000))).isFalse();
    assertThat(none.isDue(MANY, millis(2_000))).isFalse();
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
