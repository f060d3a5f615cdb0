package dev.turnout.grader.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.grader.GradableOutcomes;
import dev.turnout.grader.Judgement;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImplicitGraderTest {
  private static final String QUESTION = "Why is the sky blue in the evening?";

  private final ImplicitGrader grader = new ImplicitGrader(Duration.ofMinutes(10), 2);

  private static Outcome.Builder outcome(String id, String question, int second, String... turns) {
    List<Turn> said =
        Arrays.stream(turns)
            .map(turn -> new Turn(turn.split(":", 2)[0], turn.split(":", 2)[1]))
            .toList();
    return GradableOutcomes.answer("Because.", Map.of())
        .setQueryId(id)
        .setQueryText(question)
        .setSession("s")
        .setConversation(said.isEmpty() ? null : Conversation.newBuilder().setTurns(said).build())
        .setLatencyMs(2_000L)
        .setCostUsd(0.01)
        .setFinishedAt(Instant.EPOCH.plusSeconds(second));
  }

  private Optional<Judgement> see(Outcome.Builder outcome) {
    Outcome built = outcome.build();
    assertThat(grader.concerns(built)).isTrue();
    return grader.grade(built).join();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Why is the sky blue in the evening?; 0; again",
        "why is the sky  blue in the evening; 0; again",
        "Why is the sky so blue in the evening?; 0; other words",
        "What is the capital of France?; 1; something else",
      })
  void shouldJudgeTheAnswerBeforeByTheNextQuestion(String next, double reward, String why) {
    // given
    assertThat(see(outcome("q1", QUESTION, 10).setLlm("first"))).isEmpty();

    // when
    Optional<Judgement> judgement = see(outcome("q2", next, 30).setLlm("second"));

    // then
    assertThat(judgement.orElseThrow().reward()).isEqualTo(reward);
    assertThat(judgement.orElseThrow().comment()).startsWith("implicit: ").contains(why, "18 s");
    assertThat(judgement.orElseThrow().subject())
        .isEqualTo(new Judgement.Subject("q1", "first", 0.01, 2_000L));
  }

  @Test
  void shouldKnowAFollowUpByItsHistory() {
    see(outcome("q1", "yes", 10, "assistant:More?", "user:Tell me of the sky"));

    assertThat(
            see(
                outcome(
                    "q2",
                    "yes",
                    30,
                    "assistant:Because. More?",
                    "user:yes",
                    "assistant:More?",
                    "user:Tell me of the sky")))
        .map(Judgement::reward)
        .contains(1.0);
  }

  @Test
  void shouldKnowThatAUserWentBackInTheConversation() {
    String[] before = {"assistant:It scatters.", "user:Why is the sky blue?"};
    see(outcome("q1", "And at night?", 10, before));

    assertThat(see(outcome("q2", "What of the sea?", 30, before)).orElseThrow())
        .satisfies(judgement -> assertThat(judgement.reward()).isZero())
        .satisfies(judgement -> assertThat(judgement.comment()).contains("other words"));
  }

  @Test
  void shouldNotTakeOneSystemPromptForGoingBack() {
    see(outcome("q1", QUESTION, 10, "system:Be brief."));

    assertThat(see(outcome("q2", "What is the capital of France?", 30, "system:Be brief.")))
        .map(Judgement::reward)
        .contains(1.0);
  }

  @Test
  void shouldSayNothingOfWhatIsNoReaction() {
    // a first question, one after the window, one that was asked before the answer was there
    assertThat(see(outcome("q1", QUESTION, 10))).isEmpty();
    assertThat(see(outcome("q2", QUESTION, 10 + 700))).isEmpty();
    assertThat(see(outcome("q3", QUESTION, 11 + 700))).isEmpty();
    // another session, and another tenant
    assertThat(see(outcome("q4", QUESTION, 720).setSession("t"))).isEmpty();
    assertThat(see(outcome("q5", QUESTION, 720).setTenant("other"))).isEmpty();
  }

  @Test
  void shouldTakeTheLastStepOfAToolLoopForTheAnswer() {
    Outcome.Builder step = outcome("q2", QUESTION, 30);
    step.setConversation(Conversation.newBuilder().setToolLoop(true).build());
    see(outcome("q1", QUESTION, 10));

    assertThat(see(step)).isEmpty();
    assertThat(see(outcome("q3", "What is the capital of France?", 50)).orElseThrow().subject())
        .extracting(Judgement.Subject::queryId)
        .isEqualTo("q2");
  }

  @Test
  void shouldJudgeTheEarlierAnswerWhateverOrderTheyComeIn() {
    see(outcome("q2", QUESTION, 30));

    assertThat(see(outcome("q1", QUESTION, 10)).orElseThrow().subject())
        .extracting(Judgement.Subject::queryId)
        .isEqualTo("q1");
  }

  @Test
  void shouldJudgeAnAnswerThatWasLeft() {
    Optional<Judgement> left =
        see(
            outcome("q1", QUESTION, 10)
                .setStatus(OutcomeStatus.FAILED)
                .setAnswer(null)
                .setCancelled(true)
                .setFirstTokenMs(300L));

    assertThat(left.orElseThrow().reward()).isZero();
    assertThat(left.orElseThrow().subject()).isNull();
  }

  @Test
  void shouldNotBeConcernedWithWhatNobodySaw() {
    Outcome.Builder failed = outcome("q", QUESTION, 10).setStatus(OutcomeStatus.FAILED);

    assertThat(grader.concerns(failed.build())).isFalse();
    assertThat(grader.concerns(failed.setCancelled(true).build())).isFalse();
    assertThat(grader.concerns(outcome("q", QUESTION, 10).setSession(null).build())).isFalse();
    assertThat(grader.concerns(outcome("q", QUESTION, 10).setShadow(true).build())).isFalse();
    assertThat(grader.concerns(outcome("q", QUESTION, 10).setQueryText(null).build())).isFalse();
  }

  @Test
  void shouldForgetTheSessionsThatWereSilentLongest() {
    see(outcome("q1", QUESTION, 10).setSession("s1"));
    see(outcome("q2", QUESTION, 10).setSession("s2"));
    see(outcome("q3", QUESTION, 10).setSession("s3"));

    assertThat(see(outcome("q4", QUESTION, 30).setSession("s1"))).isEmpty();
    assertThat(see(outcome("q5", QUESTION, 30).setSession("s3"))).isPresent();
  }
}
