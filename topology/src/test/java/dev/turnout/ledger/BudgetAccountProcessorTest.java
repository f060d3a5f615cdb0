package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.budget.BudgetSnapshot;
import dev.turnout.budget.Reservation;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.ExpiringStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetAccountProcessorTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String TOPIC = "turnout.budget-events";
  private static final Serde<BudgetEvent> EVENTS =
      AvroSerdes.of(BudgetEvent.class, Map.of("schema.registry.url", "mock://accounts"));

  private final BudgetAccountProcessor processor =
      new BudgetAccountProcessor(
          Duration.ofMinutes(2),
          EVENTS.deserializer(),
          TOPIC,
          new BudgetRefusals(new SimpleMeterRegistry()));

  /** A task of the processor with stores of its own. */
  private static final class Task {
    final MockProcessorContext<byte[], @Nullable BudgetState> context =
        new MockProcessorContext<>();
    final KeyValueStore<String, BudgetSnapshot> accounts =
        store(BudgetAccountProcessor.ACCOUNTS, BudgetSerdes.snapshot());
    final List<StateStore> settlements = new ArrayList<>();
    final KeyValueStore<String, Reservation> reservations =
        store(BudgetAccountProcessor.RESERVATIONS, BudgetSerdes.reservation());

    Task() {
      for (StoreBuilder<?> builder : ExpiringStore.inMemory(Settlements.STORE)) {
        StateStore store = builder.withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        settlements.add(store);
      }
      context.setCurrentSystemTimeMs(START.toEpochMilli());
    }

    private <V> KeyValueStore<String, V> store(String name, Serde<V> values) {
      KeyValueStore<String, V> store =
          Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
              .withLoggingDisabled()
              .build();
      store.init(context.getStateStoreContext(), store);
      return store;
    }

    @SuppressWarnings("unchecked") // both hold bytes by bytes
    private KeyValueStore<Bytes, byte[]> settlement(int i) {
      return (KeyValueStore<Bytes, byte[]>) settlements.get(i);
    }

    /** What a task starts from that is restored to this one's present state. */
    Task restored() {
      Task next = new Task();
      accounts.all().forEachRemaining(each -> next.accounts.put(each.key, each.value));
      reservations.all().forEachRemaining(each -> next.reservations.put(each.key, each.value));
      for (int i = 0; i < settlements.size(); i++) {
        KeyValueStore<Bytes, byte[]> copy = next.settlement(i);
        settlement(i).all().forEachRemaining(each -> copy.put(each.key, each.value));
      }
      return next;
    }

    BudgetState told() {
      context.setCurrentSystemTimeMs(START.toEpochMilli());
      context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(0));
      List<MockProcessorContext.CapturedForward<? extends byte[], ? extends BudgetState>> all =
          List.copyOf(context.forwarded());
      return all.get(all.size() - 1).record().value();
    }
  }

  private void process(BudgetMovement kind, String query, @Nullable Double usd) {
    BudgetEvent event =
        BudgetEvent.newBuilder()
            .setTenant("acme")
            .setQueryId(query)
            .setLlm("l")
            .setKind(kind)
            .setUsd(usd)
            .setUsdPerHour(3.6)
            .setBurstUsd(1.0)
            .setAt(START)
            .build();
    processor.process(
        new Record<>(
            "acme".getBytes(StandardCharsets.UTF_8),
            EVENTS.serializer().serialize(TOPIC, event),
            0));
  }

  @Test
  void shouldStartFromTheStoreAloneWhenItsTaskIsRevived() {
    // given two reservations that are committed
    Task task = new Task();
    processor.init(task.context);
    process(BudgetMovement.BUDGET_SET, "", null);
    process(BudgetMovement.RESERVED, "q", 0.4);
    process(BudgetMovement.RESERVED, "r", 0.1);
    Task committed = task.restored();

    // when a settlement and a reservation are not, and come again once the task is revived
    process(BudgetMovement.SETTLED, "q", 0.3);
    process(BudgetMovement.RESERVED, "s", 0.2);
    processor.init(committed.context);
    process(BudgetMovement.SETTLED, "q", 0.3);

    // then it counts once, and what did not come again not at all
    BudgetState state = committed.told();
    assertThat(state.getSpentUsd()).isEqualTo(0.3);
    assertThat(state.getReservedUsd()).isCloseTo(0.1, within(1e-12));
    assertThat(committed.accounts.get("acme").spentUsd()).isEqualTo(0.3);
    assertThat(committed.reservations.approximateNumEntries()).isEqualTo(1);
  }

  @Test
  void shouldGoTheSameWayOnWhoeverTakesTheAccountOver() {
    // given
    Task task = new Task();
    processor.init(task.context);
    process(BudgetMovement.BUDGET_SET, "", null);
    for (int i = 0; i < 30; i++) {
      process(BudgetMovement.RESERVED, "q" + i, 0.1 / (i + 3));
    }

    // when the same movements follow here and, in a moment, there
    Task elsewhere = task.restored();
    process(BudgetMovement.SETTLED, "q3", 0.07);
    process(BudgetMovement.REFUSED, "x", 0.07);
    process(BudgetMovement.RELEASED, "q9", null);
    BudgetSnapshot here = task.accounts.get("acme");
    processor.init(elsewhere.context);
    process(BudgetMovement.SETTLED, "q3", 0.07);
    process(BudgetMovement.REFUSED, "x", 0.07);
    process(BudgetMovement.RELEASED, "q9", null);

    // then
    assertThat(elsewhere.accounts.get("acme")).isEqualTo(here);
  }

  @Test
  void shouldKeepTenantsApartWhoseNamesBeginAlike() {
    // given stores with another tenant's reservation
    Task task = new Task();
    new StoredReservations("acme1:q", task.reservations)
        .put(StoredReservations.id("q", "l"), new Reservation(5, START, 0));
    processor.init(task.context);
    process(BudgetMovement.BUDGET_SET, "", null);

    // when
    process(BudgetMovement.RESERVED, "q", 0.4);
    processor.init(task.context);
    process(BudgetMovement.BUDGET_REMOVED, "", null);

    // then
    assertThat(new StoredReservations("acme", task.reservations).open()).isEmpty();
    assertThat(new StoredReservations("acme1:q", task.reservations).open()).hasSize(1);
  }
}
