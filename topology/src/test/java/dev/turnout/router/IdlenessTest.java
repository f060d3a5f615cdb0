package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdlenessTest {

  private static final Instant START = Instant.EPOCH;
  private static final Instant LATE = START.plus(Idleness.LIMIT);

  private final Idleness idleness = new Idleness();

  @Test
  void shouldWarnOnceAfterAWhile() {
    assertThat(idleness.observe(false, START)).isFalse();
    assertThat(idleness.observe(false, LATE.minusMillis(1))).isFalse();
    assertThat(idleness.observe(false, LATE)).isTrue();
    assertThat(idleness.observe(false, LATE.plusSeconds(3_600))).isFalse();
  }

  @Test
  void shouldBearAShortTimeWithoutPartitions() {
    // given
    idleness.observe(false, START);

    // when it gets some in between
    idleness.observe(true, START.plusSeconds(30));

    // then
    assertThat(idleness.observe(false, LATE)).isFalse();
  }

  @Test
  void shouldWarnAgainWhenItLosesThemAgain() {
    // given
    idleness.observe(false, START);
    assertThat(idleness.observe(false, LATE)).isTrue();

    // when
    idleness.observe(true, LATE.plusSeconds(1));
    idleness.observe(false, LATE.plusSeconds(2));

    // then
    assertThat(idleness.observe(false, LATE.plusSeconds(2).plus(Idleness.LIMIT))).isTrue();
  }
}
