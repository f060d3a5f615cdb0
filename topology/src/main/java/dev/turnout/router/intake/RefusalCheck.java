package dev.turnout.router.intake;

import dev.turnout.router.decide.CandidateTable;
import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.TopicCatalogue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells queries that nobody is to be asked from those that can be decided. */
public final class RefusalCheck {
  private RefusalCheck() {}

  /** Why a query is refused; null when it can be decided. */
  public static @Nullable DeadLetter letter(
      Query query, CandidateTable lineup, TopicCatalogue topics, Instant now) {
    Instant deadline = query.getDeadline();
    if (deadline != null && now.isAfter(deadline)) {
      return new DeadLetter(
          DeadLetterReason.DEADLINE_PASSED,
          "the query's deadline " + deadline + " had passed at " + now);
    }
    if (!lineup.anyEligible()) {
      return new DeadLetter(
          DeadLetterReason.NO_LLM,
          "no LLM takes requests; publish a profile of an active LLM on " + topics.llms());
    }
    String fault = ConstraintCheck.fault(query.getConstraints());
    return fault == null ? null : new DeadLetter(DeadLetterReason.INVALID_CONSTRAINTS, fault);
  }
}
