package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThreadDeathsTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration RETRY = Duration.ofSeconds(20);

  private final ThreadDeaths deaths = new ThreadDeaths();

  private String problem(Instant now) {
    return String.valueOf(deaths.state("ledger", true, now).problem(now));
  }

  @Test
  void shouldReportThreadsThatKeepDying() {
    // given
    Instant now = BEGIN;
    for (int i = 0; i < 5; i++) {
      deaths.add(new IllegalStateException("store is corrupt"), now);
      now = now.plus(RETRY);
    }

    // then
    assertThat(problem(now)).contains("ledger has been failing since " + BEGIN, "store is corrupt");
  }

  @Test
  void shouldTolerateOneDeath() {
    // given
    deaths.add(new IllegalStateException("rebalance"), BEGIN);

    // then
    assertThat(problem(BEGIN.plus(RETRY))).isEqualTo("null");
  }

  @Test
  void shouldRecoverWhenNoThreadDiesAnyMore() {
    // given
    deaths.add(new IllegalStateException("outage"), BEGIN);
    deaths.add(new IllegalStateException("outage"), BEGIN.plus(RETRY));
    Instant later = BEGIN.plus(RETRY).plus(ThreadDeaths.APART).plusSeconds(1);

    // then
    assertThat(problem(later)).isEqualTo("null");

    // when one dies again, long after
    deaths.add(new IllegalStateException("another"), later);

    // then its failure is a new one
    assertThat(deaths.state("ledger", true, later).failingSince()).isEqualTo(later);
  }

  @Test
  void shouldReportAClientThatHasEnded() {
    assertThat(deaths.state("ledger", false, BEGIN).problem(BEGIN)).isEqualTo("ledger has ended");
  }
}
