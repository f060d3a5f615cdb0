package dev.turnout.console.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

@SuppressWarnings("EnumOrdinal") // a figure that tells measures apart
class TrafficTallyTest {

  @Test
  void shouldComeBackFromItsStoreAsItWas() {
    // given
    TrafficTally tally = new TrafficTally();
    for (Measure measure : Measure.values()) {
      tally.add(measure, measure.ordinal() + 0.25);
    }
    tally.addLatency(5);
    tally.addLatency(500);
    tally.addLatency(5_000_000);

    // when
    TrafficTally back;
    try (Serde<TrafficTally> serde = TrafficTally.serde()) {
      back = serde.deserializer().deserialize("t", serde.serializer().serialize("t", tally));
    }

    // then
    for (Measure measure : Measure.values()) {
      assertThat(back.get(measure)).isEqualTo(tally.get(measure));
    }
    assertThat(back.latency(0.5)).isEqualTo(tally.latency(0.5));
  }

  @Test
  void shouldAddUpToWhatOneWouldHaveCounted() {
    // given
    TrafficTally one = new TrafficTally();
    TrafficTally other = new TrafficTally();
    TrafficTally both = new TrafficTally();
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      double millis = 50 + 4_000 * random.nextDouble();
      (i % 3 == 0 ? one : other).addLatency(millis);
      both.addLatency(millis);
    }

    // when
    one.add(other);

    // then
    assertThat(one.latency(0.95)).isEqualTo(both.latency(0.95));
    assertThat(one.mean(Measure.LATENCY_MILLIS, Measure.LATENCIES))
        .isCloseTo(both.mean(Measure.LATENCY_MILLIS, Measure.LATENCIES), within(1e-6));
    // the true quantiles are 2050 and 3850
    assertThat(one.latency(0.5)).isCloseTo(2_050, within(400.0));
    assertThat(one.latency(0.95)).isCloseTo(3_850, within(770.0));
  }

  @Test
  void shouldTellNothingOfWhatWasNotCounted() {
    // given
    TrafficTally nothing = new TrafficTally();
    nothing.add(Measure.COST_USD, Double.NaN);
    nothing.addLatency(Double.POSITIVE_INFINITY);

    // then
    assertThat(nothing.isEmpty()).isTrue();
    assertThat(nothing.answered()).isNaN();
    assertThat(nothing.latency(0.5)).isNaN();
    assertThat(nothing.rewardMargin()).isNaN();
  }
}
