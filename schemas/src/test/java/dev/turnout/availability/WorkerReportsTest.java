package dev.turnout.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerReportsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final WorkerReports reports = new WorkerReports();
  private long now = 17;

  @Test
  void shouldTakeAnLlmForAvailableAsLongAsOneWorkerCanHaveItAnswer() {
    // given
    hear("a/b", "one", AvailabilityState.UP, null, 0);
    hear("a/b", "two", AvailabilityState.DOWN, "no route", 60);
    assertThat(reports.unavailable(now)).isEmpty();

    // when
    hear("a/b", "one", AvailabilityState.DOWN, "HTTP 500", 180);

    // then the last to go says since when and why
    assertThat(text("a/b")).isEqualTo("unavailable since 12:03 UTC: HTTP 500");
    hear("a/b", "two", AvailabilityState.PROBING, "no route", 200);
    assertThat(reports.unavailable(now)).isEmpty();
  }

  @Test
  void shouldNoticeWorkersThatLeaveOrFallSilent() {
    hear("a", "one", AvailabilityState.UP, null, 0);
    hear("b", "one", AvailabilityState.LEFT, null, 120);
    assertThat(text("b")).isEqualTo("unavailable since 12:02 UTC: its workers have ended");

    now += Duration.ofSeconds(20).toNanos();
    assertThat(reports.unavailable(now)).doesNotContainKey("a");
    now += 1;
    assertThat(text("a")).isEqualTo("unavailable since 12:00 UTC: its workers are silent");

    hear("a", "one", AvailabilityState.UP, null, 0);
    assertThat(reports.unavailable(now)).containsOnlyKeys("b");
  }

  @Test
  void shouldKnowNothingAgainstAnLlmWithoutReports() {
    hear("a/b", "one", AvailabilityState.DOWN, "HTTP 500", 0);

    reports.forget(WorkerReports.key("a/b", "one"));

    assertThat(reports.unavailable(now)).isEmpty();
  }

  @Test
  void shouldTakeAnLlmWhoseWorkersRequestsStartForAvailableWithoutAny() {
    // given two workers that were started by requests; one has been told to end
    hearOnDemand("one", AvailabilityState.LEFT, 0, true);
    hearOnDemand("two", AvailabilityState.DOWN, 60, true);
    assertThat(reports.unavailable(now)).containsOnlyKeys("a");

    // when the other one ends, or is killed, then a request may start one
    now += Duration.ofSeconds(20).toNanos() + 1;
    assertThat(reports.unavailable(now)).isEmpty();
    hearOnDemand("two", AvailabilityState.LEFT, 90, true);
    assertThat(reports.unavailable(now)).isEmpty();

    // and what counts is what the last one said
    hearOnDemand("three", AvailabilityState.LEFT, 120, false);
    assertThat(text("a")).isEqualTo("unavailable since 12:02 UTC: its workers have ended");
  }

  private void hearOnDemand(String worker, AvailabilityState state, long since, boolean onDemand) {
    reports.hear(
        LlmAvailability.newBuilder(said("a", worker, state, null, since))
            .setOnDemand(onDemand)
            .build(),
        now);
  }

  private String text(String llm) {
    return Objects.requireNonNull(reports.unavailable(now).get(llm)).text();
  }

  private void hear(
      String llm, String worker, AvailabilityState state, @Nullable String reason, long since) {
    reports.hear(said(llm, worker, state, reason, since), now);
  }

  private static LlmAvailability said(
      String llm, String worker, AvailabilityState state, @Nullable String reason, long since) {
    return LlmAvailability.newBuilder()
        .setLlm(llm)
        .setWorker(worker)
        .setState(state)
        .setReason(reason)
        .setSince(NOON.plusSeconds(since))
        .setUpdatedAt(NOON.plusSeconds(since))
        .build();
  }
}
