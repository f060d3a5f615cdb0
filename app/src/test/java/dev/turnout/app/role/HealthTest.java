package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  private static Health of(boolean alive, Instant progressAt) {
    LoopState loop = new LoopState("grading", alive, progressAt, null, "out of memory");
    return Health.of(LoopHealth.of(List.of(loop), NOW));
  }

  @Test
  void shouldBeAsWellAsItsLoops() {
    assertThat(of(true, NOW)).isEqualTo(Health.good());
    assertThat(of(true, NOW.minusSeconds(3_600)))
        .isEqualTo(
            new Health(
                true,
                true,
                false,
                List.of("grading has made no progress since 2026-01-01T00:00:00Z: out of memory")));
    assertThat(of(false, NOW))
        .isEqualTo(new Health(true, false, false, List.of("grading has ended: out of memory")));
  }
}
