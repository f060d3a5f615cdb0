package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Looks the reward up among recorded outcomes, where every LLM's answer was graded beforehand. */
public final class RecordedOutcomesGrader implements GradingFunction {

  private final Records records;

  /** Recorded rewards. */
  @FunctionalInterface
  public interface Records {

    /** The judgement recorded for a query and an LLM; empty when that was not graded. */
    Optional<Judgement> find(String queryId, String llm);
  }

  /** A grader that knows the given records. */
  public RecordedOutcomesGrader(Records records) {
    this.records = records;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    return CompletableFuture.completedFuture(records.find(outcome.getQueryId(), outcome.getLlm()));
  }
}
