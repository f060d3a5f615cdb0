package dev.turnout.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueWaitTest {

  @Test
  void shouldDivideWhatWaitsByHowFastRoutersRead() {
    // given 200 queries a second of which 50 are read
    LagEstimate lag = new LagEstimate();
    for (int second = 0; second <= 20; second += 2) {
      lag.add(second * 1_000, second * 200L, second * 50L);
    }

    // when, then
    assertThat(lag.estimate()).isEqualTo(new QueueWait(3_000, 60_000));
  }

  @Test
  void shouldSeeNoQueueWhereRoutersKeepUp() {
    LagEstimate lag = new LagEstimate();
    assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    for (int second = 0; second <= 20; second += 2) {
      lag.add(second * 1_000, second * 200L + 90, second * 200L);
      assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    }
    for (int second = 22; second <= 60; second += 2) {
      lag.add(second * 1_000, 5_000, 5_000);
      assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    }
  }

  @Test
  void shouldSeeThatNobodyReadsAndThatSomebodyDoesAgain() {
    // given routers that die with a single query waiting
    LagEstimate lag = new LagEstimate();
    for (int second = 0; second <= 8; second += 2) {
      lag.add(second * 1_000, 101, 100);
      // a rebalance is no death
      assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    }
    lag.add(10_000, 101, 100);
    assertThat(lag.estimate().millis()).isEqualTo(QueueWait.UNENDING);

    // when
    lag.add(12_000, 101, 101);

    // then
    assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
  }

  @Test
  void shouldDivideOpenRequestsByAnswers() {
    // given
    AnswerPace pace = new AnswerPace();
    for (int i = 0; i < 600; i++) {
      pace.opened();
    }
    assertThat(pace.estimate(0)).isEqualTo(QueueWait.NONE);

    // when five answers a second come for a minute
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 5; i++) {
        pace.opened();
        pace.closed(true, second * 1_000L);
      }
      pace.opened();
      pace.closed(false, second * 1_000L);
    }

    // then 600 requests take two minutes
    assertThat(pace.estimate(59_000)).isEqualTo(new QueueWait(600, 120_000));

    // and when none has come for long, nothing is known
    assertThat(pace.estimate(200_000)).isEqualTo(QueueWait.NONE);
  }

  @Test
  void shouldCallAFewOpenRequestsNoQueue() {
    AnswerPace pace = new AnswerPace();
    for (int i = 0; i < AnswerPace.FEW + 1; i++) {
      pace.opened();
    }
    pace.closed(true, 1_000);

    assertThat(pace.estimate(1_000)).isEqualTo(QueueWait.NONE);
  }
}
