package dev.turnout.kafka.member;

import static dev.turnout.schema.Priority.BATCH;
import static dev.turnout.schema.Priority.INTERACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private final List<String> given = new ArrayList<>();

  private Slots.Ticket ask(Slots slots, Priority priority, String name) {
    return slots.request(priority, () -> given.add(name));
  }

  @Test
  void shouldGiveInteractiveBeforeBatch() {
    // given
    Slots slots = new Slots(1);
    Slots.Ticket first = ask(slots, BATCH, "first");
    Slots.Ticket batch = ask(slots, BATCH, "batch");
    Slots.Ticket interactive = ask(slots, INTERACTIVE, "interactive");

    // when
    first.release();
    first.release();
    interactive.release();

    // then
    assertThat(given).containsExactly("first", "interactive", "batch");
    batch.release();
    assertThat(slots.running()).isZero();
  }

  @Test
  void shouldTakeNoneAwayWhenThereAreFewer() {
    // given
    Slots slots = new Slots(3);
    List<Slots.Ticket> running =
        List.of(ask(slots, INTERACTIVE, "a"), ask(slots, INTERACTIVE, "b"), ask(slots, BATCH, "c"));

    // when
    slots.limit(1);
    Slots.Ticket next = ask(slots, INTERACTIVE, "d");
    running.get(0).release();
    running.get(1).release();

    // then
    assertThat(given).containsExactly("a", "b", "c");
    running.get(2).release();
    assertThat(given).containsExactly("a", "b", "c", "d");
    next.release();
  }

  @Test
  void shouldLetBatchBeTakenWhileASlotIsIdleAlone() throws Exception {
    // given two slots, one with an interactive request
    Slots slots = new Slots(2);
    Slots.Ticket interactive = ask(slots, INTERACTIVE, "i");

    // then
    assertThat(slots.awaitPolling(BATCH, 1, Duration.ZERO)).isTrue();

    // when batch has the other
    Slots.Ticket batch = ask(slots, BATCH, "b");

    // then more interactive ones may come, which are the next, but no batch
    assertThat(slots.awaitPolling(BATCH, 1, Duration.ZERO)).isFalse();
    assertThat(slots.awaitPolling(INTERACTIVE, 1, Duration.ZERO)).isTrue();
    Slots.Ticket next = ask(slots, INTERACTIVE, "next");
    assertThat(slots.awaitPolling(INTERACTIVE, 1, Duration.ZERO)).isFalse();

    // when a slot comes free with an interactive one in hand
    interactive.release();
    assertThat(given).containsExactly("i", "b", "next");
    assertThat(slots.awaitPolling(BATCH, 1, Duration.ZERO)).isFalse();
    batch.release();
    next.release();
  }

  @Test
  void shouldWakeWhoWaitsToPoll() throws Exception {
    // given
    Slots slots = new Slots(1);
    Slots.Ticket running = ask(slots, INTERACTIVE, "i");
    AtomicInteger allowed = new AtomicInteger();
    List<Thread> waiting = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  if (slots.awaitPolling(priority, 1, Duration.ofMinutes(1))) {
                    allowed.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      waiting.add(thread);
    }

    // when
    running.release();
    for (Thread thread : waiting) {
      thread.join(60_000);
    }

    // then
    assertThat(allowed).hasValue(2);
    slots.close();
    assertThat(slots.awaitPolling(INTERACTIVE, 1, Duration.ofMinutes(1))).isFalse();
  }

  @RepeatedTest(50)
  void shouldNeverGiveMoreThanThereAre(RepetitionInfo repetition) {
    // given
    Random random = new Random(repetition.getCurrentRepetition());
    int most = random.nextInt(1, 20);
    Slots slots = new Slots(most);
    AtomicInteger running = new AtomicInteger();
    List<Slots.Ticket> tickets = new ArrayList<>();
    List<boolean[]> grants = new ArrayList<>();

    // when
    for (int i = 0; i < 500; i++) {
      if (tickets.isEmpty() || random.nextInt(5) < 3) {
        boolean[] granted = new boolean[1];
        grants.add(granted);
        tickets.add(
            slots.request(
                random.nextBoolean() ? BATCH : INTERACTIVE,
                () -> {
                  granted[0] = true;
                  running.incrementAndGet();
                }));
      } else {
        int which = random.nextInt(tickets.size());
        if (grants.remove(which)[0]) {
          running.decrementAndGet();
        }
        tickets.remove(which).release();
      }

      // then
      assertThat(slots.running()).isEqualTo(running.get()).isLessThanOrEqualTo(most);
      assertThat(running.get()).isEqualTo(Math.min(most, tickets.size()));
    }
  }
}
