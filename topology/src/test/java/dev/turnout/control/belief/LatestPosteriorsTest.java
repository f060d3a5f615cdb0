package dev.turnout.control.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.schema.Posterior;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LatestPosteriorsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LatestPosteriors latest = new LatestPosteriors(meters);

  private static Posterior record(String model, int cells, int samples) {
    double[][] rows = new double[cells][2];
    for (double[] row : rows) {
      Arrays.fill(row, 0.5);
    }
    CellMeans means = CellMeans.alike(new double[] {1, 2}, cells);
    return PosteriorRecords.write(
        new Posteriors(
            model,
            List.of("apple", "pear"),
            rows,
            rows,
            rows,
            means,
            means,
            Map.of(),
            List.of(),
            samples),
        7,
        Instant.EPOCH);
  }

  private double refused() {
    return meters.get("turnout.posteriors.refused").counter().count();
  }

  private int samples(String model, int cells) {
    return Objects.requireNonNull(latest.of(model, cells)).samples();
  }

  @Test
  void shouldServeTheLatestOfEveryModel() {
    latest.read(record("m1", 3, 10));
    latest.read(record("m2", 4, 20));
    latest.read(record("m1", 3, 30));

    assertThat(samples("m1", 3)).isEqualTo(30);
    assertThat(samples("m2", 4)).isEqualTo(20);
    assertThat(latest.of("m3", 3)).isNull();
    assertThat(refused()).isZero();
  }

  @Test
  void shouldGoOnWithTheLastThatFitWhenOthersHaveAnotherShape() {
    // given
    latest.read(record("m1", 3, 10));

    // when one has other cells, again and again, and others are no posteriors at all
    latest.read(record("m1", 5, 20));
    latest.read(record("m1", 5, 30));
    Posterior short1 =
        Posterior.newBuilder(record("m1", 3, 40)).setCorrection(List.of(0.1)).build();
    assertThatThrownBy(() -> latest.read(short1)).isInstanceOf(IllegalArgumentException.class);
    latest.skipped();

    // then
    assertThat(samples("m1", 3)).isEqualTo(10);
    assertThat(latest.of("m1", 4)).isNull();
    assertThat(refused()).isEqualTo(2);

    // and what fits later is taken, however many shapes come between
    for (int cells = 6; cells < 20; cells++) {
      latest.read(record("m1", 3, cells));
      latest.read(record("m1", cells, 0));
    }
    assertThat(samples("m1", 3)).isEqualTo(19);
  }

  @Test
  void shouldForgetTheModelThatWasSilentLongest() {
    for (int i = 0; i < 9; i++) {
      latest.read(record("m" + i, 3, i));
      latest.read(record("m0", 3, 100 + i));
    }

    assertThat(latest.of("m1")).isNull();
    assertThat(samples("m0", 3)).isEqualTo(108);
    assertThat(samples("m8", 3)).isEqualTo(8);
  }
}
