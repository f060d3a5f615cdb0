package dev.turnout.console.savings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.console.FakeState;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import dev.turnout.offpolicy.savings.SavingsReport;
import dev.turnout.offpolicy.savings.ScoredChoice;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SavingsPagesTest {
  private static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");
  private static final List<String> LLMS = List.of("small", "large");
  private static final List<Double> PROPENSITIES = List.of(0.75, 0.25);

  private final GradedTraffic traffic = new GradedTraffic();

  @Test
  void shouldCountAQueryOnceAndSayWhatItLeavesOut() {
    // given
    traffic.add(sample("q1", "large", 1, 0.01, NOW));
    traffic.add(sample("q1", "large", 0, 0.01, NOW));
    traffic.add(sample("q2", "small", 1, null, NOW));
    traffic.add(
        TrainingSample.newBuilder(sample("q3", "small", 1, 0.01, NOW)).setShadow(true).build());
    traffic.add(
        TrainingSample.newBuilder(sample("q4", "small", 1, 0.01, NOW))
            .setPropensities(List.of())
            .build());

    // when
    SavingsReport report = traffic.report(SavingsWindow.MONTH, NOW);

    // then
    assertThat(report.choices()).isEqualTo(1);
    assertThat(report.reward()).isEqualTo(1);
    assertThat(traffic.leftOut()).isEqualTo(new LeftOut(Map.of("small", 1L), 1, 1));
  }

  @Test
  void shouldAddUpTheDaysOfAWindowAndForgetOldOnes() {
    // given a query a day, for longer than is kept
    for (int day = 0; day < 40; day++) {
      traffic.add(
          sample(
              "q" + day,
              "small",
              1,
              1.0,
              NOW.minus(Duration.ofDays(39)).plus(Duration.ofDays(day))));
    }

    // then
    assertThat(traffic.report(SavingsWindow.DAY, NOW).choices()).isEqualTo(2);
    assertThat(traffic.report(SavingsWindow.WEEK, NOW).choices()).isEqualTo(7);
    assertThat(traffic.report(SavingsWindow.MONTH, NOW).choices()).isEqualTo(30);
    Instant later = NOW.plus(Duration.ofDays(10));
    assertThat(traffic.report(SavingsWindow.WEEK, later).choices()).isZero();
  }

  @Test
  void shouldShowSavingsByTenantAndCellEscaped() {
    // given traffic of which a quarter goes to the LLM that costs ten times as much
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      boolean large = random.nextInt(4) == 0;
      boolean good = random.nextDouble() < (large ? 0.95 : 0.6);
      traffic.add(
          TrainingSample.newBuilder(
                  sample(
                      "q" + i, large ? "large" : "small", good ? 1 : 0, large ? 0.01 : 0.001, NOW))
              .setTenant("<b>acme</b>")
              .build());
    }

    // when
    String html = new SavingsPage().content(request(List.of(), Map.of("window", "month"))).render();

    // then it would have cost 20 USD and did cost about 6.5
    SavingsReport report = traffic.report(SavingsWindow.MONTH, NOW);
    assertThat(Objects.requireNonNull(report.savedUsd()).covers(20 - report.costUsd())).isTrue();
    assertThat(html)
        .contains("Saved against the best single LLM", "cell 2", "&lt;b&gt;acme&lt;/b&gt;")
        .contains("surely the best", "How this is estimated", "one at random")
        .doesNotContain("<b>acme", "NaN", "Infinity");
  }

  @Test
  void shouldSayWhatIsMissingOnEmptyTopics() {
    assertThat(new SavingsPage().content(request(List.of(), Map.of())).render())
        .contains("No graded query with a known cost");
    assertThat(new ParetoPage().content(request(List.of(), Map.of("step", "x"))).render())
        .contains("No graded decision with a known cost");
  }

  @Test
  void shouldShowWhatAWeightWouldHaveDone() {
    // given decisions of which the large LLM was expected, and was, a little better
    Random random = new Random(2);
    List<ScoredChoice> scored = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String llm = random.nextInt(4) == 0 ? "large" : "small";
      double reward = random.nextDouble() < (llm.equals("large") ? 0.9 : 0.7) ? 1 : 0;
      ScoredDecision.of(decision("q" + i, llm), llm, reward, llm.equals("large") ? 0.01 : 0.001)
          .ifPresent(scored::add);
    }
    assertThat(scored).hasSize(400);

    // when
    String quality = new ParetoPage().content(request(scored, Map.of("step", "0"))).render();
    String thrift = new ParetoPage().content(request(scored, Map.of("step", "40"))).render();

    // then all goes to the one, and to the other
    assertThat(quality).contains("type=\"range\"", "data-chart", "$10.000").doesNotContain("NaN");
    assertThat(thrift).contains("$1.000");
  }

  @Test
  void shouldTakeNoDecisionThatSaysNothing() {
    RoutingDecision decision = decision("q", "small");

    assertThat(ScoredDecision.of(decision, "large", 1, 0.01)).isEmpty();
    assertThat(ScoredDecision.of(decision, "small", Double.NaN, 0.01)).isEmpty();
    assertThat(ScoredDecision.of(decision, "small", 1, Double.NaN)).isEmpty();
    assertThat(ScoredDecision.of(decision, "small", 1, 0.01)).isPresent();
  }

  private PageRequest request(List<ScoredChoice> scored, Map<String, String> values) {
    FakeState state = new FakeState();
    state.savings = new SavingsView(traffic, scored, 0.1);
    return new PageRequest(values, Visitor.ANYBODY, state, NOW);
  }

  private static TrainingSample sample(
      String id, String llm, double reward, @Nullable Double costUsd, Instant at) {
    return TrainingSample.newBuilder()
        .setQueryId(id)
        .setTenant("acme")
        .setEmbedding(ByteBuffer.allocate(0))
        .setEncoderId("none")
        .setCell(2)
        .setLlm(llm)
        .setReward(reward)
        .setPropensity(PROPENSITIES.get(LLMS.indexOf(llm)))
        .setPropensities(PROPENSITIES)
        .setLlms(LLMS)
        .setCostUsd(costUsd)
        .setPolicy("thompson")
        .setModelVersion("1")
        .setGrader("judge")
        .setDecidedAt(at)
        .setGradedAt(at)
        .build();
  }

  private static RoutingDecision decision(String id, String llm) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setRanking(List.of(score("small", 0.7, 0.001, 0.75), score("large", 0.9, 0.01, 0.25)))
        .setPropensity(1)
        .setPolicy("thompson")
        .setModelVersion("1")
        .setEncoderId("none")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setReason("")
        .setDecidedAt(NOW)
        .build();
  }

  private static LlmScore score(String llm, double success, double usd, double propensity) {
    return LlmScore.newBuilder()
        .setLlm(llm)
        .setScore(0)
        .setProbability(0)
        .setPredictedSuccess(success)
        .setExpectedCostUsd(usd)
        .setPropensity(propensity)
        .build();
  }
}
