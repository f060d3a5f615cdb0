package dev.turnout.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ListeningClockTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final ListeningClock clock = new ListeningClock(nanos::get);
  private final WorkerReports reports = new WorkerReports();

  private long after(Duration time) {
    nanos.addAndGet(time.toNanos());
    return clock.getAsLong();
  }

  private static LlmAvailability up() {
    Instant now = Instant.parse("2026-11-26T12:00:00Z");
    return LlmAvailability.newBuilder()
        .setLlm("alpha")
        .setWorker("w1")
        .setState(AvailabilityState.UP)
        .setSince(now)
        .setUpdatedAt(now)
        .setRepeatMs(1_000)
        .build();
  }

  @Test
  void shouldTakeNoPauseOfTheReaderForAWorkersSilence() {
    // given a worker that reports every second
    reports.hear(up(), clock.getAsLong());

    // when the reader is suspended for half a minute
    long resumed = after(Duration.ofSeconds(30));

    // then the worker has the rest of its four seconds to be heard again
    assertThat(reports.unavailable(resumed)).isEmpty();
    for (int poll = 0; poll < 14; poll++) {
      assertThat(reports.unavailable(after(Duration.ofMillis(200)))).isEmpty();
    }

    // and is silent after these
    assertThat(reports.unavailable(after(Duration.ofMillis(900)))).containsKey("alpha");
  }
}
