package dev.turnout.grader;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.time.Instant;
import java.util.Map;

/** Outcomes for graders' tests. */
public final class GradableOutcomes {
  private GradableOutcomes() {}

  /** An answer to "Why?" whose query has this metadata. */
  public static Outcome.Builder answer(String answer, Map<String, String> metadata) {
    return Outcome.newBuilder()
        .setQueryId("q")
        .setLlm("a")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer(answer)
        .setQueryText("Why?")
        .setMetadata(metadata)
        .setFinishedAt(Instant.EPOCH);
  }
}
