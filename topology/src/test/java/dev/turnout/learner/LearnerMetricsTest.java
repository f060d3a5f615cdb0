package dev.turnout.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Change;
import dev.turnout.belief.Posteriors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnerMetricsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LearnerMetrics metrics = new LearnerMetrics(meters);

  private static Posteriors learnt(Map<String, Double> trust, List<Change> changes) {
    CellMeans unknown = CellMeans.alike(new double[] {Double.NaN}, 1);
    double[][] row = {{0}};
    return new Posteriors(
        "m1", List.of("apple"), row, row, row, unknown, unknown, trust, changes, 1);
  }

  @Test
  void shouldShowDistrustWhileItLasts() {
    metrics.learnt(learnt(Map.of("honest", 1.0, "mallory", 0.1, "eve", 0.5), List.of()), 1);
    metrics.learnt(learnt(Map.of("honest", 1.0, "mallory", 0.2, "eve", 1.0), List.of()), 1);

    assertThat(meters.find("turnout.learner.trust").gauges())
        .singleElement()
        .satisfies(gauge -> assertThat(gauge.getId().getTag("grader")).isEqualTo("mallory"))
        .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(0.2));
  }

  @Test
  void shouldShowTheShiftOfEveryBelievedChange() {
    metrics.learnt(
        learnt(Map.of(), List.of(new Change("apple", -1, 3, -0.3), new Change("apple", 2, 5, 0.2))),
        1);

    assertThat(meters.get("turnout.learner.shift").tag("cell", "all").gauge().value())
        .isEqualTo(-0.3);
    assertThat(meters.get("turnout.learner.shift").tag("cell", "2").gauge().value()).isEqualTo(0.2);
  }
}
