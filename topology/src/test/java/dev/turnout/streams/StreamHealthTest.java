package dev.turnout.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.LoopState;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class StreamHealthTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration RETRY = Duration.ofSeconds(20);
  private static final SourceRecord SEVENTH = new SourceRecord("queries", 1, 7, 10);

  private final TimeoutException away = new TimeoutException("no broker answers");
  private final StreamHealth health = new StreamHealth(2);

  private Duration outage(Instant now) {
    return health.failed(FailureCause.OUTAGE, away, now);
  }

  private String problem(Instant now) {
    return String.valueOf(health.state("router", true, now).problem(now));
  }

  @Test
  void shouldSayForWhatTheClientWaits() {
    // given
    Instant now = BEGIN;
    for (int i = 0; i < 3; i++) {
      outage(now);
      now = now.plus(RETRY);
    }

    // then
    assertThat(problem(now))
        .contains(
            "router has been failing since " + BEGIN, "waits for an outage", "no broker answers");
  }

  @Test
  void shouldPauseLongerEachTimeUpToALimit() {
    assertThat(outage(BEGIN)).isEqualTo(Duration.ofSeconds(1));
    assertThat(outage(BEGIN.plusSeconds(5))).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 100; i++) {
      outage(BEGIN.plusSeconds(10 + i));
    }
    assertThat(outage(BEGIN.plusSeconds(150))).isEqualTo(StreamHealth.LONGEST_PAUSE);
  }

  @Test
  void shouldNeitherPauseNorCountForARecord() {
    // when
    for (int i = 0; i < 10; i++) {
      assertThat(health.failed(FailureCause.RECORD, new IllegalStateException(), BEGIN))
          .isEqualTo(Duration.ZERO);
    }

    // then
    assertThat(problem(BEGIN.plus(LoopState.TOLERATED).plusSeconds(1))).isEqualTo("null");
    assertThat(health.exhausted(BEGIN)).isFalse();
  }

  @Test
  void shouldTolerateOneFailure() {
    // given
    health.failed(FailureCause.UNKNOWN, new IllegalStateException("store"), BEGIN);

    // then
    assertThat(problem(BEGIN.plus(RETRY))).isEqualTo("null");
  }

  @Test
  void shouldRecoverWhenTheRecordThatWaitedIsProcessed() {
    // given
    health.waitsFor(SEVENTH);
    outage(BEGIN);

    // when others are processed
    health.processed(new SourceRecord("queries", 1, 6, 10));
    health.processed(new SourceRecord("queries", 0, 9, 10));

    // then
    assertThat(problem(BEGIN.plusSeconds(40))).contains("failing since " + BEGIN);

    // when it is processed itself
    health.processed(SEVENTH);

    // then
    assertThat(problem(BEGIN.plusSeconds(40))).isEqualTo("null");
  }

  @Test
  void shouldRecoverWhenTheTopicTakesRecordsAgain() {
    // given
    health.waitsFor("decisions");
    outage(BEGIN);

    // when
    health.acknowledged("requests");

    // then
    assertThat(problem(BEGIN.plusSeconds(40))).contains("failing since " + BEGIN);

    // when
    health.acknowledged("decisions");

    // then
    assertThat(problem(BEGIN.plusSeconds(40))).isEqualTo("null");
  }

  @Test
  void shouldRecoverWhenNoThreadFailsAnyMore() {
    // given
    outage(BEGIN);
    outage(BEGIN.plus(RETRY));
    Instant later = BEGIN.plus(RETRY).plus(StreamHealth.APART).plusSeconds(1);

    // then
    assertThat(problem(later)).isEqualTo("null");

    // when one fails again, long after
    Duration pause = outage(later);

    // then its failure is a new one
    assertThat(health.state("router", true, later).failingSince()).isEqualTo(later);
    assertThat(pause).isEqualTo(StreamHealth.SHORTEST_PAUSE);
  }

  @Test
  void shouldBeExhaustedByUnknownFailuresOfAShortTimeAlone() {
    // given
    for (int i = 0; i < 3; i++) {
      assertThat(health.exhausted(BEGIN)).isFalse();
      health.failed(FailureCause.UNKNOWN, new IllegalStateException("bug"), BEGIN);
      outage(BEGIN);
    }

    // then
    assertThat(health.exhausted(BEGIN)).isTrue();
    assertThat(health.exhausted(BEGIN.plus(StreamHealth.WINDOW).plusSeconds(1))).isFalse();
  }

  @Test
  void shouldReportAClientThatHasEnded() {
    assertThat(health.state("router", false, BEGIN).problem(BEGIN)).isEqualTo("router has ended");
  }
}
