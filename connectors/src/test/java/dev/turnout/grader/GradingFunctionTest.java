package dev.turnout.grader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.SkillProfile;
import dev.turnout.llm.TokenPrices;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutedRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GradingFunctionTest {

  @Test
  void shouldMatchUpToCaseSpaceAndUnicodeForm() {
    GradingFunction grader = new ExactMatchGrader();

    assertThat(reward(grader, " The  ANSWER ", Map.of("expected", "the answer"))).contains(1.0);
    assertThat(reward(grader, "cafe\u0301", Map.of("expected", "caf\u00e9"))).contains(1.0);
    assertThat(reward(grader, "other", Map.of("expected", "the answer"))).contains(0.0);
    assertThat(reward(grader, "other", Map.of())).isEmpty();
  }

  @Test
  void shouldSearchForAnExpression() {
    GradingFunction grader = new RegexGrader();

    assertThat(reward(grader, "it is 42.", Map.of("expected.regex", "\\b42\\b"))).contains(1.0);
    assertThat(reward(grader, "it is 421.", Map.of("expected.regex", "\\b42\\b"))).contains(0.0);
    assertThat(reward(grader, "it is 42.", Map.of("expected.regex", "(broken"))).isEmpty();
  }

  @Test
  @Timeout(20)
  void shouldEndExpressionsThatExplode() {
    String explosive = "(x+x+)+y";

    assertThat(reward(new RegexGrader(), "x".repeat(5_000), Map.of("expected.regex", explosive)))
        .isEmpty();
  }

  @Test
  void shouldKnowWhatTheSimulatedLlmKnew() {
    // given
    SkillProfile profile =
        new SkillProfile(
            "a", Map.of("math", 0.5), 0, Duration.ofMillis(1), 0, 1, new TokenPrices(0, 0));
    GradingFunction grader = new SimulatedGrader(List.of(profile), 7);

    for (int i = 0; i < 100; i++) {
      // when
      Outcome outcome =
          Outcome.newBuilder(outcome("?", Map.of("domain", "math"))).setQueryId("q" + i).build();

      // then
      double expected = profile.succeeds("q" + i, "math", 7) ? 1 : 0;
      assertThat(grader.grade(outcome).join()).contains(Judgement.of(expected, null));
    }
    Outcome stranger = Outcome.newBuilder(outcome("?", Map.of())).setLlm("b").build();
    assertThat(grader.grade(stranger).join()).isEmpty();
  }

  @Test
  void shouldLookRecordsUp() {
    GradingFunction grader =
        new RecordedOutcomesGrader(
            (queryId, llm) ->
                queryId.equals("q") && llm.equals("a")
                    ? Optional.of(new Judgement(0.7, null, 0.01))
                    : Optional.empty());

    assertThat(grader.grade(outcome("?", Map.of())).join())
        .contains(new Judgement(0.7, null, 0.01));
  }

  @Test
  void shouldAskAJudgeAndTakeItsMark() {
    // given
    List<RoutedRequest> asked = new ArrayList<>();
    LlmClient judge =
        request -> {
          asked.add(request);
          return CompletableFuture.completedFuture(
              new Completion("Mark: 7.5\nMostly right.", null, null, null, null));
        };
    GradingFunction grader = new JudgeGrader(judge, "judge", Clock.systemUTC());

    // when
    Optional<Judgement> judgement = grader.grade(outcome("Because.", Map.of())).join();

    // then
    assertThat(judgement).map(Judgement::reward).contains(0.75);
    assertThat(asked.get(0).getQuery().getText()).contains("Why?", "Because.");
  }

  @Test
  void shouldHaveNoOpinionWhenTheJudgeRambles() {
    LlmClient judge =
        request -> CompletableFuture.completedFuture(new Completion("Hm.", null, null, null, null));

    assertThat(
            new JudgeGrader(judge, "judge", Clock.systemUTC())
                .grade(outcome("Because.", Map.of()))
                .join())
        .isEmpty();
  }

  private static Optional<Double> reward(
      GradingFunction grader, String answer, Map<String, String> metadata) {
    return grader.grade(outcome(answer, metadata)).join().map(Judgement::reward);
  }

  private static Outcome outcome(String answer, Map<String, String> metadata) {
    return Outcome.newBuilder()
        .setQueryId("q")
        .setLlm("a")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer(answer)
        .setQueryText("Why?")
        .setMetadata(metadata)
        .setFinishedAt(Instant.EPOCH)
        .build();
  }
}
