package dev.turnout.grader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutedRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

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
