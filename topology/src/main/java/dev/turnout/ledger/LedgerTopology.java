package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.streams.ExpiringStore;
import dev.turnout.streams.FailureHandling;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * outcomes → movements; tenants → changes of budgets; movements and changes → by tenant → accounts
 * → budgets; what fails → dead letters. All stores are in memory, so that routers need no state
 * directory.
 */
final class LedgerTopology {
  private static final String OUTCOMES = "outcomes";
  private static final String CHARGE = "charge";
  static final String CHARGES = "charges";
  private static final String TENANTS = "tenants";
  private static final String CHANGE = "change";
  static final String CHANGES = "changes";
  private static final String MOVEMENTS = "movements";
  private static final String INTAKE = "intake";
  private static final String BY_TENANT = "by-tenant";
  private static final String ACCOUNT = "account";
  static final String BUDGETS = "budgets";

  /** Where the intake forwards movements. */
  static final String READ = "read";

  private static final String STAGE = "ledger";

  private LedgerTopology() {}

  /**
   * Topics that Kafka Streams makes for the accounts, all with the same number of partitions, which
   * cannot change for as long as they exist.
   *
   * @param applicationId of the Kafka Streams application
   */
  static List<String> internalTopics(String applicationId) {
    return Stream.concat(
            Stream.of(BY_TENANT + "-repartition"),
            Stream.of(
                    BudgetAccountProcessor.ACCOUNTS,
                    BudgetAccountProcessor.RESERVATIONS,
                    Settlements.STORE,
                    Settlements.STORE + "-by-time")
                .map(store -> store + "-changelog"))
        .map(name -> applicationId + "-" + name)
        .toList();
  }

  /**
   * The topology.
   *
   * @param partitions over which the accounts are spread
   */
  static Topology of(
      Duration inFlightWindow,
      TopicCatalogue topics,
      int partitions,
      Map<String, ?> serdes,
      MeterRegistry registry,
      FailureHandling failures) {
    BudgetRefusals refusals = new BudgetRefusals(registry);
    Topology topology = accounts(inFlightWindow, topics, partitions, serdes, refusals, failures);
    source(topology, OUTCOMES, topics.outcomes());
    topology.addProcessor(
        CHARGE,
        guarded(
            failures,
            CHARGE,
            () -> new OutcomeCharge(reading(Outcome.class, serdes), topics.outcomes(), refusals)),
        OUTCOMES);
    sink(topology, CHARGES, topics.budgetEvents(), writing(BudgetEvent.class, serdes), CHARGE);
    source(topology, TENANTS, topics.tenants());
    topology.addProcessor(
        CHANGE,
        guarded(
            failures,
            CHANGE,
            () ->
                new BudgetChangeProcessor(
                    reading(Tenant.class, serdes), topics.tenants(), refusals)),
        TENANTS);
    sink(topology, CHANGES, topics.budgetEvents(), writing(BudgetEvent.class, serdes), CHANGE);
    for (String each : List.of(CHARGE, CHANGE, INTAKE, ACCOUNT)) {
      // one for each: a sink in common would make one task of what has other partitions
      sink(topology, deadLetters(each), topics.dlq(), failures.deadLetterSerializer(), each);
    }
    return topology;
  }

  private static String deadLetters(String processor) {
    return processor + "-dead-letters";
  }

  private static <V> ProcessorSupplier<byte[], byte[], byte[], V> guarded(
      FailureHandling failures,
      String name,
      ProcessorSupplier<byte[], byte[], byte[], V> processor) {
    return failures.guard(processor, value -> value, STAGE, deadLetters(name));
  }

  private static Topology accounts(
      Duration inFlightWindow,
      TopicCatalogue topics,
      int partitions,
      Map<String, ?> serdes,
      BudgetRefusals refusals,
      FailureHandling failures) {
    String movements = topics.budgetEvents();
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(movements, Consumed.with(bytes, bytes).withName(MOVEMENTS))
        .process(
            guarded(
                failures,
                INTAKE,
                () -> new MovementIntake(reading(BudgetEvent.class, serdes), movements, refusals)),
            Named.as(INTAKE))
        // changes nothing: a child of the intake whose name is known
        .mapValues(value -> value, Named.as(READ))
        .repartition(
            Repartitioned.with(bytes, bytes).withName(BY_TENANT).withNumberOfPartitions(partitions))
        .process(
            guarded(failures, ACCOUNT, account(inFlightWindow, movements, serdes, refusals)),
            Named.as(ACCOUNT));
    Topology topology = builder.build();
    sink(topology, BUDGETS, topics.budgets(), writing(BudgetState.class, serdes), ACCOUNT);
    return topology;
  }

  private static ProcessorSupplier<byte[], byte[], byte[], @Nullable BudgetState> account(
      Duration inFlightWindow, String movements, Map<String, ?> serdes, BudgetRefusals refusals) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], @Nullable BudgetState> get() {
        return new BudgetAccountProcessor(
            inFlightWindow, reading(BudgetEvent.class, serdes), movements, refusals);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        Set<StoreBuilder<?>> stores = new HashSet<>(ExpiringStore.inMemory(Settlements.STORE));
        stores.add(cached(BudgetAccountProcessor.ACCOUNTS, BudgetSerdes.snapshot()));
        stores.add(cached(BudgetAccountProcessor.RESERVATIONS, BudgetSerdes.reservation()));
        return stores;
      }
    };
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
