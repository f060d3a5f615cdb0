package dev.turnout.app.quickstart.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.quickstart.scenario.GradedQuery;
import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {

  private static final StreamIds IDS = new StreamIds("run");

  /** Two LLMs: the first answers even queries well, the second all queries by half. */
  private static final Scenario SCENARIO =
      new Scenario() {
        @Override
        public String title() {
          return "two LLMs";
        }

        @Override
        public List<LlmProfile> llms() {
          return List.of(llm("even"), llm("half"));
        }

        private LlmProfile llm(String id) {
          return LlmProfile.newBuilder()
              .setId(id)
              .setTopic("t." + id)
              .setUpdatedAt(Instant.EPOCH)
              .build();
        }

        @Override
        public List<GradedQuery> warmUp() {
          return List.of();
        }

        @Override
        public int cells() {
          return 2;
        }

        @Override
        public int streamLength() {
          return 4;
        }

        @Override
        public GradedQuery at(int position) {
          return new GradedQuery(
              "question " + position,
              "task",
              new double[] {position % 2 == 0 ? 1 : 0, 0.5},
              new double[] {Double.NaN, Double.NaN});
        }
      };

  private static RoutingDecision decision(String id, String llm) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setRanking(List.of())
        .setPropensity(1)
        .setPolicy("argmax")
        .setModelVersion("m1")
        .setEncoderId("e@1/2")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason("because")
        .setDecidedAt(Instant.EPOCH)
        .build();
  }

  private static Grade grade(String id, String llm, double reward) {
    return Grade.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setGrader("g")
        .setReward(reward)
        .setGradedAt(Instant.EPOCH)
        .build();
  }

  @Test
  void shouldCountTheCostOfAnAnswerOnceHoweverOftenItIsReported() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);

    // when one is reported three times, first without a cost, and another attempt once
    figures.answered(outcome(IDS.of(0), 1, null));
    figures.answered(outcome(IDS.of(0), 1, 0.5));
    figures.answered(outcome(IDS.of(0), 1, 0.5));
    figures.answered(outcome(IDS.of(0), 2, 0.25));
    figures.answered(outcome(IDS.of(1), 1, Double.NaN));

    // then
    assertThat(figures.snapshot(0).llms())
        .filteredOn(line -> line.llm().equals("even"))
        .singleElement()
        .satisfies(line -> assertThat(line.meanCostUsd()).isEqualTo(0.375));
  }

  private static Outcome outcome(String id, int attempt, @Nullable Double costUsd) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm("even")
        .setAttempt(attempt)
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setCostUsd(costUsd)
        .setFinishedAt(Instant.EPOCH)
        .build();
  }

  @Test
  void shouldDrawTheRewardOverTheWholeRun() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);

    // when: worthless answers first, then good ones for as long
    for (int i = 0; i < 10_000; i++) {
      figures.graded(grade(IDS.of(i), "even", i < 5_000 ? 0 : 1));
    }

    // then: few points, in even steps from the beginning to the end
    List<Double> curve = figures.snapshot(0).rewardCurve();
    assertThat(curve).hasSizeBetween(30, 60).isSorted();
    assertThat(curve.get(0)).isZero();
    assertThat(curve.get(curve.size() - 1)).isEqualTo(1);
    assertThat(curve.stream().filter(reward -> reward == 0).count())
        .isBetween(curve.size() / 3L, curve.size() / 2L);
  }

  @Test
  void shouldCompareRewardsOnTheVeryQueriesThatWereGraded() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);

    // when: even queries go to the LLM for even ones, odd ones to the other
    for (int i = 0; i < 4; i++) {
      String llm = i % 2 == 0 ? "even" : "half";
      figures.published(i, 1_000);
      figures.decided(decision(IDS.of(i), llm), 1_010 + i);
      figures.graded(grade(IDS.of(i), llm, i % 2 == 0 ? 1 : 0.5));
    }

    // then
    LiveFigures.Snapshot now = figures.snapshot(2_000);
    assertThat(now.routed()).isEqualTo(4);
    assertThat(now.reward()).isEqualTo(0.75);
    assertThat(now.oracle()).isEqualTo(0.75);
    assertThat(now.bestSingle()).isEqualTo(0.5);
    assertThat(now.random()).isEqualTo(0.5);
    assertThat(now.latencyP50()).isCloseTo(11, within(1.0));
    assertThat(figures.settled()).isEqualTo(4);
    assertThat(figures.awaitingGrade()).isZero();
  }

  @Test
  void shouldCountAGradeOnceAndStrangersOnlyAsRouted() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);
    figures.published(0, 1_000);

    // when
    figures.decided(decision(IDS.of(0), "even"), 1_010);
    figures.graded(grade(IDS.of(0), "even", 1));
    figures.graded(grade(IDS.of(0), "even", 0));
    figures.decided(decision("cli-42", "half"), 1_020);
    figures.graded(grade("cli-42", "half", 0));

    // then
    LiveFigures.Snapshot now = figures.snapshot(2_000);
    assertThat(now.graded()).isEqualTo(1);
    assertThat(now.reward()).isEqualTo(1);
    assertThat(now.routed()).isEqualTo(2);
    assertThat(now.shown().get(0).own()).isTrue();
  }

  @Test
  void shouldSettleWhatIsDeadLettered() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);
    figures.published(0, 1_000);
    figures.published(1, 1_000);

    // when
    figures.deadLettered("TOO_LARGE", IDS.of(0));
    figures.deadLettered("GRADER_RATE");
    figures.decided(decision(IDS.of(1), "even"), 1_010);

    // then
    assertThat(figures.settled()).isEqualTo(2);
    assertThat(figures.inFlight()).isZero();
    assertThat(figures.snapshot(2_000).deadLetters())
        .isEqualTo(Map.of("TOO_LARGE", 1L, "GRADER_RATE", 1L));
  }

  @Test
  void shouldShowEveryFigureInTheView() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);
    figures.published(0, 1_000);
    figures.decided(decision(IDS.of(0), "even"), 1_010);
    figures.graded(grade(IDS.of(0), "even", 1));
    figures.announce("model m1 promoted: first");
    figures.deadLettered("TOO_LARGE", "somebody's");
    figures.waiting(3, 41_000);
    ViewFrame frame =
        new ViewFrame(
            new RunningQuickstart(1, "localhost:9092", "http://localhost:8081", "turnout."),
            "two LLMs",
            Map.of("even", "likes even numbers"));

    // when
    String text = String.join("\n", frame.lines(figures.snapshot(2_000), Duration.ofSeconds(75)));

    // then
    assertThat(text)
        .contains("01:15", "localhost:9092", "http://localhost:8081", "m1")
        .contains("routed 1", "p99", "waiting 3, the oldest for 41 s")
        .contains("dead letters 1 (1 TOO_LARGE; ./turnout dlq list)")
        .contains("likes even numbers", "100 %")
        .contains("best single LLM", "random", "oracle")
        .contains("model m1 promoted", "turnout query", "question 0");
  }

  @Test
  void shouldKeepAPromotionInViewWhileLaterModelsAreRejected() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);
    ViewFrame frame =
        new ViewFrame(
            new RunningQuickstart(1, "localhost:9092", "http://localhost:8081", "turnout."),
            "two LLMs",
            Map.of());

    // when
    figures.promoted("model m2 promoted: better");
    for (int i = 3; i < 13; i++) {
      figures.rejected("model m" + i + " rejected: not better");
    }

    // then
    LiveFigures.Snapshot now = figures.snapshot(2_000);
    assertThat(now.promotions()).isEqualTo(1);
    assertThat(now.rejections()).isEqualTo(10);
    assertThat(frame.lines(now, Duration.ofSeconds(1)))
        .contains("! model m2 promoted: better", "! model m12 rejected: not better")
        .doesNotContain("! model m3 rejected: not better");
  }

  @Test
  void shouldTellEveryEventOnceWhereNothingCanBeRedrawn() {
    // given
    LiveFigures figures = new LiveFigures(SCENARIO, IDS);
    StringWriter out = new StringWriter();
    PlainView view = new PlainView(new PrintWriter(out));

    // when
    figures.promoted("model m2 promoted: better");
    view.show(figures.snapshot(1_000), Duration.ofMillis(100));
    figures.rejected("model m3 rejected: worse");
    figures.announce("model m2 rolled back: live reward fell");
    view.show(figures.snapshot(1_100), Duration.ofMillis(200));
    view.show(figures.snapshot(1_200), Duration.ofMillis(300));

    // then
    assertThat(out.toString().lines())
        .containsExactly(
            "! model m2 promoted: better",
            "! model m3 rejected: worse",
            "! model m2 rolled back: live reward fell");
  }
}
