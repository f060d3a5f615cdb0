package dev.turnout.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.edge.EdgeCluster;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SkillProfileTest {

  private static final SkillProfile GOOD = profile("good", 0.8);
  private static final SkillProfile POOR = profile("poor", 0.3);

  private static SkillProfile profile(String llm, double success) {
    return new SkillProfile(
        llm, Map.of("math", success), 0.1, Duration.ofMillis(200), 0.4, 100, new TokenPrices(1, 2));
  }

  @Test
  void shouldSucceedAsOftenAsStated() {
    assertThat(share(GOOD, "math")).isCloseTo(0.8, within(0.01));
    assertThat(share(POOR, "math")).isCloseTo(0.3, within(0.01));
    assertThat(share(GOOD, "poetry")).isCloseTo(0.1, within(0.01));
  }

  private static double share(SkillProfile profile, String domain) {
    return IntStream.range(0, 40_000).filter(i -> profile.succeeds("query-" + i, domain, 7)).count()
        / 40_000.0;
  }

  @Test
  void shouldLeaveSomethingForARouterButNotEverything() {
    // given two LLMs of equal skill
    SkillProfile twin = profile("twin", 0.8);

    // when
    double either =
        IntStream.range(0, 40_000)
                .filter(
                    i ->
                        GOOD.succeeds("query-" + i, "math", 7)
                            || twin.succeeds("query-" + i, "math", 7))
                .count()
            / 40_000.0;

    // then an oracle gains, though less than with independent luck, 1 - 0.2 * 0.2
    assertThat(either).isBetween(0.84, 0.94);
  }

  @Test
  void shouldRepeatItself() {
    for (int i = 0; i < 100; i++) {
      String id = "query-" + i;
      assertThat(GOOD.succeeds(id, "math", 7)).isEqualTo(GOOD.succeeds(id, "math", 7));
      assertThat(GOOD.latency(id, 7)).isEqualTo(GOOD.latency(id, 7)).isPositive();
      assertThat(GOOD.answerTokens(id, 7)).isEqualTo(GOOD.answerTokens(id, 7)).isPositive();
    }
  }

  @Test
  void shouldTakeTheStatedTimeAndLength() {
    long faster =
        IntStream.range(0, 10_000)
            .filter(i -> GOOD.latency("query-" + i, 7).compareTo(GOOD.medianLatency()) < 0)
            .count();
    double meanTokens =
        IntStream.range(0, 10_000)
            .mapToLong(i -> GOOD.answerTokens("query-" + i, 7))
            .average()
            .orElse(0);

    assertThat(faster).isBetween(4_800L, 5_200L);
    assertThat(meanTokens).isCloseTo(100, within(4.0));
  }

  @Test
  void shouldRefuseImpossibleProbabilities() {
    assertThatThrownBy(() -> profile("odd", 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"odd\"")
        .hasMessageContaining("math is 1.5");
  }

  @Test
  void shouldAnswerAsTheProfileSays() {
    // given
    SimulatedLlmClient client = new SimulatedLlmClient(GOOD, 7, 0);

    for (int i = 0; i < 200; i++) {
      // when
      Completion completion =
          client
              .complete(
                  EdgeCluster.request(
                      "query-" + i, "good", Map.of("domain", "math", "expected", "42")))
              .join();

      // then
      assertThat(completion.answer().equals("42"))
          .isEqualTo(GOOD.succeeds("query-" + i, "math", 7));
      assertThat(completion.latency()).isEqualTo(GOOD.latency("query-" + i, 7));
      assertThat(completion.costUsd()).isPositive();
    }
  }
}
