package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedbackWindowTest {
  private final FeedbackWindow window = new FeedbackWindow(3);

  @Test
  void shouldKeepOneGradePerQueryLlmAndGrader() {
    assertThat(window.add(sample("q1", "g", 0.2))).isTrue();
    assertThat(window.add(sample("q1", "g", 0.2))).isFalse();
    assertThat(window.add(sample("q1", "other", 0.9))).isTrue();

    assertThat(window.size()).isEqualTo(2);
  }

  @Test
  void shouldLetAGradersLastGradeWinAsTheLatest() {
    window.add(sample("q1", "g", 0.2));
    window.add(sample("q2", "g", 0.5));

    assertThat(window.add(sample("q1", "g", 0.8))).isTrue();

    assertThat(window.samples()).extracting(GradedSample::queryId).containsExactly("q2", "q1");
    assertThat(window.samples().get(1).reward()).isEqualTo(0.8);
  }

  @Test
  void shouldNotDependOnWhereReadingBegan() {
    // given a log with repeated grades, read whole and from its tail on
    FeedbackWindow tail = new FeedbackWindow(3);
    for (int i = 0; i < 40; i++) {
      GradedSample sample = sample("q" + (i * 7 + i / 5) % 6, "g", i / 40.0);
      window.add(sample);
      if (i >= 20) {
        tail.add(sample);
      }
    }

    assertThat(tail.samples()).usingRecursiveComparison().isEqualTo(window.samples());
  }

  @Test
  void shouldForgetTheOldestBeyondItsCapacity() {
    for (int i = 0; i < 10; i++) {
      window.add(sample("q" + i, "g", 0.5));
    }

    assertThat(window.samples())
        .extracting(GradedSample::queryId)
        .containsExactly("q7", "q8", "q9");
  }

  @Test
  void shouldRefuseARewardOutOfRange() {
    assertThatThrownBy(() -> sample("q1", "g", 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q1");
  }

  @Test
  void shouldCutAFloodingGraderToItsRateAndLeaveOthersAlone() {
    // given two grades a second, three at once
    GraderRateLimit limit = new GraderRateLimit(2, 3, 10);
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += limit.admit("flood", start.plusMillis(10L * i)) ? 1 : 0;
    }

    // then in one second: the burst and two more, or one less by rounding
    assertThat(admitted).isBetween(4, 5);
    assertThat(limit.admit("quiet", start)).isTrue();
  }

  private static GradedSample sample(String queryId, String grader, double reward) {
    return new GradedSample(
        queryId,
        new float[] {1, 0},
        "llm",
        reward,
        1,
        0.5,
        List.of("llm"),
        new double[] {0.5},
        Double.NaN,
        Double.NaN,
        grader,
        false);
  }
}
