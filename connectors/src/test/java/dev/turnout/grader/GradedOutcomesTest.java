package dev.turnout.grader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.OutcomeId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GradedOutcomesTest {
  private static final OutcomeId CALL = OutcomeId.of("q", "llm", "1", "false");

  private final AtomicInteger repeated = new AtomicInteger();
  private final GradedOutcomes graded = new GradedOutcomes(repeated::incrementAndGet);
  private final List<CompletableFuture<Boolean>> gradings = new ArrayList<>();

  private CompletableFuture<Void> report(OutcomeId call) {
    return graded.grade(
        call,
        () -> {
          CompletableFuture<Boolean> grading = new CompletableFuture<>();
          gradings.add(grading);
          return grading;
        });
  }

  @Test
  void shouldEndARepeatedReportWithTheOneThatIsGraded() {
    // when
    CompletableFuture<Void> first = report(CALL);
    CompletableFuture<Void> second = report(CALL);

    // then the second is not safe before the first is
    assertThat(gradings).hasSize(1);
    assertThat(second).isNotDone();
    gradings.get(0).complete(true);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(report(CALL)).isCompleted();
    assertThat(gradings).hasSize(1);
    assertThat(repeated).hasValue(2);
  }

  @Test
  void shouldEndAReportThatComesAgainAfterItWasGivenUp() {
    // given a report whose partition goes to another member while its judge thinks, and comes back
    assertThat(report(CALL).cancel(false)).isTrue();
    CompletableFuture<Void> meanwhile = report(CALL);
    assertThat(meanwhile).isNotDone();

    // when
    gradings.get(0).complete(true);

    // then
    assertThat(meanwhile).isCompleted();
    assertThat(report(CALL)).isCompleted();
    assertThat(gradings).hasSize(1);
  }

  @Test
  void shouldGradeAgainWhatCouldNotBeGraded() {
    // given a grade that could not be published, and a judge that was away
    CompletableFuture<Void> unsafe = report(CALL);
    gradings.get(0).completeExceptionally(new IllegalStateException("no broker"));
    assertThat(unsafe).isCompletedExceptionally();
    CompletableFuture<Void> unjudged = report(CALL);
    gradings.get(1).complete(false);
    assertThat(unjudged).isCompleted();

    // when
    var unusedFuture6 = report(CALL);

    // then
    assertThat(gradings).hasSize(3);
    assertThat(repeated).hasValue(0);
  }

  @Test
  void shouldEndTheGradingOfAnErrorToo() {
    CompletableFuture<Void> failed =
        graded.grade(
            CALL,
            () -> {
              throw new NoClassDefFoundError("of a judge");
            });

    assertThat(failed).isCompletedExceptionally();
    var unusedFuture7 = report(CALL);
    assertThat(gradings).hasSize(1);
  }

  @Test
  void shouldRememberTheLatestOnly() {
    var unusedFuture8 = report(CALL);
    for (int i = 0; i < 50_000; i++) {
      var unusedFuture9 = report(OutcomeId.of("q", "llm", Integer.toString(i), "true"));
    }
    int before = gradings.size();

    var unusedFuture10 = report(CALL);

    assertThat(gradings).hasSize(before + 1);
  }
}
