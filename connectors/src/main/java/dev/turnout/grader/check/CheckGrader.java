package dev.turnout.grader.check;

import dev.turnout.grader.GradingFunction;
import dev.turnout.grader.Judgement;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.schema.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Grades by a check, on a thread of its own, since checks compute. Answers of which nothing is
 * expected are not graded.
 */
public final class CheckGrader implements GradingFunction {
  private final Check check;
  private final ExpectedText expected;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("grader-check"));

  /** A grader by this check. */
  public CheckGrader(Check check, ExpectedText expected) {
    this.check = check;
    this.expected = expected;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    Optional<String> wanted = expected.of(outcome);
    Optional<String> answer = TextAnswer.of(outcome);
    return wanted.isEmpty() || answer.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : CompletableFuture.supplyAsync(() -> check.of(answer.get(), wanted.get()), thread);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
