package dev.turnout.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.LlmProfile;
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
  void shouldHoldTheLackOfWorkersAgainstAnLlmUnlessRequestsStartThem() {
    // given one whose workers have ended or died, and one whose worker finds it down
    hear("a", "one", AvailabilityState.DOWN, "HTTP 500", 0);
    hear("a", "two", AvailabilityState.LEFT, null, 0);
    now += Duration.ofSeconds(21).toNanos();
    hear("b", "one", AvailabilityState.LEFT, null, 0);
    hear("b", "two", AvailabilityState.DOWN, "HTTP 500", 0);

    // then
    Unavailable deserted = Objects.requireNonNull(reports.unavailable(now).get("a"));
    assertThat(deserted.holdsFor(llm(false))).isTrue();
    assertThat(deserted.holdsFor(llm(true))).isFalse();
    assertThat(deserted.holdsFor(null)).isTrue();
    Unavailable down = Objects.requireNonNull(reports.unavailable(now).get("b"));
    assertThat(down.holdsFor(llm(true))).isTrue();
  }

  private static LlmProfile llm(boolean onDemand) {
    return LlmProfile.newBuilder()
        .setId("a")
        .setTopic("requests.a")
        .setUpdatedAt(NOON)
        .setOnDemand(onDemand)
        .build();
  }

  @Test
  void shouldKnowNothingAgainstAnLlmWithoutReports() {
    hear("a/b", "one", AvailabilityState.DOWN, "HTTP 500", 0);

    reports.forget(WorkerReports.key("a/b", "one"));

    assertThat(reports.unavailable(now)).isEmpty();
  }

  private String text(String llm) {
    return Objects.requireNonNull(reports.unavailable(now).get(llm)).text();
  }

  private void hear(
      String llm, String worker, AvailabilityState state, @Nullable String reason, long since) {
    reports.hear(
        LlmAvailability.newBuilder()
            .setLlm(llm)
            .setWorker(worker)
            .setState(state)
            .setReason(reason)
            .setSince(NOON.plusSeconds(since))
            .setUpdatedAt(NOON.plusSeconds(since))
            .build(),
        now);
  }
}
