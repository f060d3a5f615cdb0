package dev.turnout.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.backlog.LlmBacklog;
import dev.turnout.schema.Priority;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlmQueueTest {

  @Test
  void shouldGoByThePaceSinceThereIsAQueue() {
    // given an LLM with hardly any work for a minute
    LlmQueue queue = new LlmQueue(backlog(1, 0, 0), 0);
    for (int second = 1; second <= 60; second++) {
      queue.add(backlog(1, 0, second), second * 1_000L);
    }

    // when 200 come at once, of which it does 10 a second
    queue.add(backlog(200, 0, 60), 61_000);
    assertThat(queue.estimate(Priority.INTERACTIVE).millis()).isZero();
    queue.add(backlog(190, 0, 70), 62_000);
    queue.add(backlog(180, 0, 80), 63_000);

    // then the rest takes 18 s
    assertThat(queue.estimate(Priority.INTERACTIVE)).isEqualTo(new QueueWait(180, 18_000));

    // and what is left of them in the end is no queue
    queue.add(backlog(LlmQueue.FEW, 0, 228), 80_000);
    assertThat(queue.estimate(Priority.INTERACTIVE).millis()).isZero();
  }

  @Test
  void shouldExpectAtLeastWhatTheNextHasTakenByNow() {
    // given an LLM that answers nothing
    LlmQueue queue = new LlmQueue(backlog(40, 0, 5), 0);
    for (int second = 1; second <= 100; second++) {
      queue.add(backlog(40, 0, 5), second * 1_000L);
      assertThat(queue.estimate(Priority.INTERACTIVE).millis())
          .isBetween(Math.min(second * 1_000L, LlmQueue.WINDOW_MILLIS), second * 1_000L);
    }
  }

  @Test
  void shouldLetInteractiveRequestsPassBatch() {
    // given
    LlmQueue queue = new LlmQueue(backlog(2, 1_000, 0), 0);

    // when
    queue.add(backlog(2, 980, 20), 10_000);

    // then
    assertThat(queue.estimate(Priority.INTERACTIVE)).isEqualTo(new QueueWait(2, 0));
    assertThat(queue.estimate(Priority.BATCH)).isEqualTo(new QueueWait(982, 491_000));
  }

  @Test
  void shouldBeginAnewWithOtherWorkers() {
    // given
    LlmQueue queue = new LlmQueue(backlog(100, 0, 0), 0);
    queue.add(backlog(90, 0, 10), 10_000);

    // when
    queue.add(
        new LlmBacklog("llm", "consumer-workers", Map.of(Priority.INTERACTIVE, 90L), 500), 11_000);

    // then
    assertThat(queue.estimate(Priority.INTERACTIVE)).isEqualTo(new QueueWait(90, 0));
  }

  private static LlmBacklog backlog(long interactive, long batch, long done) {
    return new LlmBacklog(
        "llm", "workers", Map.of(Priority.INTERACTIVE, interactive, Priority.BATCH, batch), done);
  }
}
