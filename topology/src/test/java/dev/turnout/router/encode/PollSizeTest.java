package dev.turnout.router.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.TinyEncoder;
import org.junit.jupiter.api.Test;

class PollSizeTest {

  @Test
  void shouldPollWhatIsEncodedInAQuarterOfASecond() {
    assertThat(PollSize.forSecondsPerQuery(1 / 400.0)).isEqualTo(64);
    assertThat(PollSize.forSecondsPerQuery(1 / 10_000.0)).isEqualTo(PollSize.LARGEST);
    assertThat(PollSize.forSecondsPerQuery(1.0)).isEqualTo(PollSize.SMALLEST);
  }

  @Test
  void shouldMeasureAndWarmTheEncoder() {
    TinyEncoder encoder = new TinyEncoder();
    assertThat(PollSize.fitting(encoder)).isBetween(PollSize.SMALLEST, PollSize.LARGEST);
    assertThat(encoder.batches.get()).isPositive();
  }
}
