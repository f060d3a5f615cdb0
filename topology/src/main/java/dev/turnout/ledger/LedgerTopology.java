package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * outcomes → movements by tenant; tenants → changes of budgets by tenant; movements and changes →
 * accounts → budgets.
 */
final class LedgerTopology {
  private static final String OUTCOMES = "outcomes";
  private static final String CHARGE = "charge";
  private static final String CHARGES = "charges";
  private static final String TENANTS = "tenants";
  private static final String CHANGE = "change";
  private static final String CHANGES = "changes";
  private static final String MOVEMENTS = "movements";
  private static final String ACCOUNT = "account";
  private static final String BUDGETS = "budgets";

  private LedgerTopology() {}

  static Topology of(
      Duration inFlightWindow,
      TopicCatalogue topics,
      Map<String, ?> serdes,
      MeterRegistry registry) {
    BudgetRefusals refusals = new BudgetRefusals(registry);
    Topology topology = new Topology();
    source(topology, OUTCOMES, topics.outcomes());
    topology.addProcessor(
        CHARGE,
        () -> new OutcomeCharge(reading(Outcome.class, serdes), topics.outcomes(), refusals),
        OUTCOMES);
    sink(topology, CHARGES, topics.budgetEvents(), writing(BudgetEvent.class, serdes), CHARGE);
    source(topology, TENANTS, topics.tenants());
    topology.addProcessor(
        CHANGE,
        () -> new BudgetChangeProcessor(reading(Tenant.class, serdes), topics.tenants(), refusals),
        TENANTS);
    sink(topology, CHANGES, topics.budgetEvents(), writing(BudgetEvent.class, serdes), CHANGE);
    source(topology, MOVEMENTS, topics.budgetEvents());
    topology.addProcessor(
        ACCOUNT,
        () ->
            new BudgetAccountProcessor(
                inFlightWindow,
                reading(BudgetEvent.class, serdes),
                topics.budgetEvents(),
                refusals),
        MOVEMENTS);
    topology.addStateStore(
        cached(BudgetAccountProcessor.ACCOUNTS, BudgetSerdes.snapshot()), ACCOUNT);
    topology.addStateStore(
        cached(BudgetAccountProcessor.RESERVATIONS, BudgetSerdes.reservation()), ACCOUNT);
    sink(topology, BUDGETS, topics.budgets(), writing(BudgetState.class, serdes), ACCOUNT);
    return topology;
  }

  private static void source(Topology topology, String name, String topic) {
    topology.addSource(name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
  }

  private static void sink(
      Topology topology, String name, String topic, Serializer<?> values, String parent) {
    topology.addSink(name, topic, new ByteArraySerializer(), values, parent);
  }

  /** Cached, so that an entry is written to the changelog once a commit, not once a movement. */
  private static <V> StoreBuilder<KeyValueStore<String, V>> cached(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled();
  }

  private static <V extends SpecificRecord> Deserializer<V> reading(
      Class<V> type, Map<String, ?> serdes) {
    return AvroSerdes.of(type, serdes).deserializer();
  }

  private static <V extends SpecificRecord> Serializer<V> writing(
      Class<V> type, Map<String, ?> serdes) {
    return AvroSerdes.of(type, serdes).serializer();
  }
}
