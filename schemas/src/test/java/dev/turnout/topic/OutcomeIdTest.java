package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutcomeIdTest {
  private static Outcome.Builder outcome() {
    return Outcome.newBuilder()
        .setQueryId("q")
        .setLlm("l")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setFinishedAt(Instant.EPOCH);
  }

  @Test
  void shouldBeTheSameForEveryReportOfACall() {
    OutcomeId id = OutcomeId.of(outcome().build());

    assertThat(
            OutcomeId.of(
                outcome()
                    .setStatus(OutcomeStatus.FAILED)
                    .setWorker("another")
                    .setCostUsd(0.5)
                    .setFinishedAt(Instant.MAX.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
                    .build()))
        .isEqualTo(id)
        .hasToString(id.toString());
    assertThat(id.toString()).hasSize(32);
  }

  @Test
  void shouldTellCallsApart() {
    assertThat(
            Stream.of(
                    outcome(),
                    outcome().setQueryId("q2"),
                    outcome().setLlm("l2"),
                    outcome().setAttempt(2),
                    outcome().setShadow(true),
                    outcome().setQueryId("ql").setLlm(""))
                .map(Outcome.Builder::build)
                .map(OutcomeId::of))
        .doesNotHaveDuplicates();
  }
}
