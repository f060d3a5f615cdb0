package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** outcomes → movements by tenant; movements of routers and outcomes → accounts → budgets. */
final class LedgerTopology {
  private static final String OUTCOMES = "outcomes";
  private static final String CHARGE = "charge";
  private static final String CHARGES = "charges";
  private static final String MOVEMENTS = "movements";
  private static final String OWNER = "owner";
  private static final String BUDGETS = "budgets";

  private LedgerTopology() {}

  static Topology of(
      TenantBudgets budgets,
      BudgetAgreement agreement,
      TopicCatalogue topics,
      Map<String, ?> serdes) {
    Topology topology = new Topology();
    topology.addSource(
        OUTCOMES, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.outcomes());
    topology.addProcessor(
        CHARGE,
        () ->
            new OutcomeCharge(
                budgets, AvroSerdes.of(Outcome.class, serdes).deserializer(), topics.outcomes()),
        OUTCOMES);
    topology.addSink(
        CHARGES,
        topics.budgetEvents(),
        new ByteArraySerializer(),
        AvroSerdes.of(BudgetEvent.class, serdes).serializer(),
        CHARGE);
    topology.addSource(
        MOVEMENTS, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.budgetEvents());
    topology.addProcessor(
        OWNER,
        () ->
            new BudgetAccountProcessor(
                budgets,
                agreement,
                AvroSerdes.of(BudgetEvent.class, serdes).deserializer(),
                topics.budgetEvents()),
        MOVEMENTS);
    // Cached, so that an account is written to its changelog once a commit, not once a movement.
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(BudgetAccountProcessor.ACCOUNTS),
                Serdes.String(),
                Serdes.ByteArray())
            .withCachingEnabled(),
        OWNER);
    topology.addSink(
        BUDGETS,
        topics.budgets(),
        new ByteArraySerializer(),
        AvroSerdes.of(BudgetState.class, serdes).serializer(),
        OWNER);
    return topology;
  }
}
