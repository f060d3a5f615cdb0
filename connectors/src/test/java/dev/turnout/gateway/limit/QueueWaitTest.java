package dev.turnout.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueWaitTest {

  @Test
  void shouldDivideWhatWaitsByHowFastRoutersRead() {
    // given 200 queries a second of which 50 are read
    LagEstimate lag = new LagEstimate();
    for (int second = 0; second <= 20; second += 2) {
      lag.add(second * 1_000L, second * 200L, second * 50L);
    }

    // when, then
    assertThat(lag.estimate()).isEqualTo(new QueueWait(3_000, 60_000));
  }

  @Test
  void shouldSeeNoQueueWhereRoutersKeepUp() {
    LagEstimate lag = new LagEstimate();
    assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    for (int second = 0; second <= 20; second += 2) {
      lag.add(second * 1_000L, second * 200L + 90, second * 200L);
      assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    }
    for (int second = 22; second <= 60; second += 2) {
      lag.add(second * 1_000L, 5_000, 5_000);
      assertThat(lag.estimate()).isEqualTo(QueueWait.NONE);
    }
  }

  @Test
  void shouldSeeThatNobodyReadsAndThatSomebodyDoesAgain() {
    // given routers that die with a single query waiting
    LagEstimate lag = new LagEstimate();
    for (int second = 0; second <= 8; second += 2) {
      lag.add(second * 1_000L, 101, 100);
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
    // given 600 requests, of which five a second are answered, each after two minutes
    AnswerPace pace = new AnswerPace();
    for (int i = 0; i < 600; i++) {
      pace.opened();
    }
    assertThat(pace.estimate(0)).isEqualTo(QueueWait.NONE);

    // when
    for (int tick = 0; tick < 300; tick++) {
      pace.opened();
      pace.closed(true, 120_000, tick * 200L);
      pace.opened();
      pace.closed(false, 1_000, tick * 200L);
    }

    // then 600 requests take two minutes
    QueueWait wait = pace.estimate(59_800);
    assertThat(wait.waiting()).isEqualTo(600);
    assertThat(wait.millis()).isBetween(115_000L, 125_000L);

    // and when none has come for long, nothing is known
    assertThat(pace.estimate(200_000)).isEqualTo(QueueWait.NONE);
  }

  @Test
  void shouldNotTakeABurstForAQueue() {
    // given a quiet gateway
    AnswerPace pace = new AnswerPace();
    for (int second = 0; second < 30; second++) {
      pace.opened();
      pace.closed(true, 900, second * 1_000L);
    }

    // when 300 requests come at once and are answered one after another within twenty seconds
    for (int i = 0; i < 300; i++) {
      pace.opened();
    }
    long longest = 0;
    for (int i = 0; i < 260; i++) {
      long took = 1_000 + i * 19_000L / 260;
      pace.closed(true, took, 30_000 + took);
      longest = Math.max(longest, pace.estimate(30_000 + took).millis());
    }

    // then nobody is told to wait longer than twice that
    assertThat(longest).isLessThan(40_000);
  }

  @Test
  void shouldNotTakeSlowLlmsForAQueueAsTheyFill() {
    // given LLMs that answer after 40 seconds however many ask, and 15 requests a second
    AnswerPace pace = new AnswerPace();
    long longest = 0;
    for (long now = 0; now < 120_000; now += 100) {
      pace.opened();
      if (now >= 40_000) {
        pace.closed(true, 40_000, now);
      }
      longest = Math.max(longest, pace.estimate(now).millis());
    }

    // then, once they are full, it expects what they take
    assertThat(longest).isBetween(38_000L, 45_000L);
    assertThat(pace.estimate(120_000).millis()).isBetween(38_000L, 42_000L);
  }

  @Test
  void shouldCallAFewOpenRequestsNoQueue() {
    AnswerPace pace = new AnswerPace();
    for (int i = 0; i < AnswerPace.FEW + 1; i++) {
      pace.opened();
    }
    pace.closed(true, 50_000, 1_000);

    assertThat(pace.estimate(1_000)).isEqualTo(QueueWait.NONE);
  }
}
