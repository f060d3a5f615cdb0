package dev.turnout.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Against what was let through, looked at in every minute that there is. */
class RateWindowProperties {
  private static final long MINUTE = 60_000;

  private record Taken(long at, long amount) {}

  @Property(tries = 300)
  void shouldNeverLetMoreThroughInAnyMinute(
      @ForAll long seed,
      @ForAll @LongRange(min = 1, max = 500) long limit,
      @ForAll @IntRange(min = 1, max = 20_000) int longestPause,
      @ForAll @LongRange(min = 0, max = 1_000_000_000) long start) {
    // given
    Random random = new Random(seed);
    RateWindow window = new RateWindow();
    List<Taken> taken = new ArrayList<>();
    long now = start;

    // when
    for (int i = 0; i < 400; i++) {
      now += random.nextInt(10) == 0 ? random.nextInt(longestPause) : random.nextInt(50);
      long amount = random.nextLong(limit + 1);
      if (window.tryTake(amount, limit, now)) {
        taken.add(new Taken(now, amount));
      }

      // then
      long end = now;
      long inTheLastMinute =
          taken.stream().filter(each -> each.at > end - MINUTE).mapToLong(Taken::amount).sum();
      assertThat(inTheLastMinute).isLessThanOrEqualTo(limit);
    }
  }

  @Property(tries = 300)
  void shouldLetThroughWhatItSaysWhenItSaysAndNotBefore(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 500) long limit) {
    // given a window that something was taken from
    Random random = new Random(seed);
    RateWindow window = new RateWindow();
    long now = random.nextInt(1_000_000);
    for (int i = 0; i < 200; i++) {
      now += random.nextInt(2_000);
      boolean unused = window.tryTake(random.nextLong(limit + 1), limit, now);
    }
    long amount = 1 + random.nextLong(limit);

    // when
    long wait = window.millisUntil(amount, limit, now);

    // then
    assertThat(wait).isBetween(0L, 61_000L);
    if (wait > 0) {
      assertThat(window.tryTake(amount, limit, now + wait - 1)).isFalse();
    }
    assertThat(window.tryTake(amount, limit, now + wait)).isTrue();
  }

  @Property(tries = 300)
  void shouldLeaveAsMuchAsThoughWhatWasGivenBackHadNotBeenTaken(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 90_000) long later) {
    // given two windows, of which one takes more and gives it back
    Random random = new Random(seed);
    RateWindow plain = new RateWindow();
    RateWindow other = new RateWindow();
    long now = random.nextInt(1_000_000);
    plain.add(5, now);
    other.add(5, now);
    long takenAt = now + random.nextInt(3_000);
    other.add(70, takenAt);
    plain.add(3, takenAt + 10);
    other.add(3, takenAt + 10);

    // when
    now = takenAt + 10 + later;
    other.giveBack(70, takenAt, now);

    // then
    assertThat(other.used(now)).isEqualTo(plain.used(now));
    assertThat(other.millisUntilEmpty(now)).isEqualTo(plain.millisUntilEmpty(now));
    assertThat(other.used(now + 61_000)).isZero();
  }
}
