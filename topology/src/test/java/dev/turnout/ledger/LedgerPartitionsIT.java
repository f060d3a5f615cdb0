package dev.turnout.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.tenant.TenantPublisher;
import dev.turnout.router.RealKafka;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.BudgetMovement;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Tenant;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts on a real broker, whose topics get more partitions while they are kept. */
class LedgerPartitionsIT {

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void shouldKeepAnAccountWhateverPartitionsItsMovementsLieIn() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("ledger-partitions", 2);
        Admin admin = Admin.create(kafka.clientConfig());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      // given a budget that was set a while ago
      TopicCatalogue topics = kafka.topics;
      try (TenantPublisher tenants = TenantPublisher.open(topics.tenants(), kafka.clientConfig())) {
        tenants.publish(
            Tenant.newBuilder()
                .setTenant("acme")
                .setBudgetUsdPerHour(3.6)
                .setBurstUsd(10.0)
                .setUpdatedAt(now().minusSeconds(60))
                .build());
      }
      try (BudgetLedger ledger = ledger(kafka, topics)) {
        awaitSpent(kafka, 0);

        // when a reservation and its outcome, reported twice, lie anywhere
        reserve(kafka, producer, 1, "q1", 0.5);
        answer(kafka, producer, 0, "q1", 0.25);
        answer(kafka, producer, 1, "q1", 0.25);

        // then
        awaitSpent(kafka, 0.25);

        // when both topics get more partitions, and these are used
        for (String topic : List.of(topics.outcomes(), topics.budgetEvents())) {
          admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get();
        }
        reserve(kafka, producer, 4, "q2", 0.5);
        answer(kafka, producer, 4, "q2", 0.5);

        // then the account goes on, in the ledger that noticed
        awaitSpent(kafka, 0.75);
        assertThat(ledger.state().failingSince()).isNull();
      }

      // and in one that starts under a catalogue with another number of partitions
      try (BudgetLedger ledger = ledger(kafka, topics.withPartitions(5))) {
        answer(kafka, producer, 3, "q3", 1.0);
        awaitSpent(kafka, 1.75);
        assertThat(ledger.state().failingSince()).isNull();
      }
    }
  }

  private BudgetLedger ledger(RealKafka kafka, TopicCatalogue topics) {
    return BudgetLedger.start(
        Duration.ofMinutes(2),
        directory.toString(),
        topics,
        topics.prefix() + "router",
        kafka.clientConfig(),
        Map.of("main.consumer.metadata.max.age.ms", "500"),
        new SimpleMeterRegistry());
  }

  private static void awaitSpent(RealKafka kafka, double usd) throws InterruptedException {
    RealKafka.await(
        usd + " USD to be spent",
        RealKafka.PATIENCE,
        () -> {
          List<BudgetState> states = kafka.committed(kafka.topics.budgets(), BudgetState.class);
          return !states.isEmpty()
              && Math.abs(states.get(states.size() - 1).getSpentUsd() - usd) < 1e-9;
        });
  }

  private static void reserve(
      RealKafka kafka,
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      String query,
      double usd)
      throws Exception {
    BudgetEvent event =
        BudgetEvent.newBuilder()
            .setTenant("acme")
            .setQueryId(query)
            .setLlm("l")
            .setKind(BudgetMovement.RESERVED)
            .setUsd(usd)
            .setAt(now())
            .build();
    send(kafka, producer, kafka.topics.budgetEvents(), partition, BudgetEvent.class, event);
  }

  private static void answer(
      RealKafka kafka,
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      String query,
      double usd)
      throws Exception {
    Outcome outcome =
        Outcome.newBuilder()
            .setQueryId(query)
            .setTenant("acme")
            .setLlm("l")
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setCostUsd(usd)
            .setFinishedAt(now())
            .build();
    send(kafka, producer, kafka.topics.outcomes(), partition, Outcome.class, outcome);
  }

  private static <T extends SpecificRecord> void send(
      RealKafka kafka,
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      int partition,
      Class<T> type,
      T value)
      throws Exception {
    byte[] bytes = AvroSerdes.of(type, kafka.serdes).serializer().serialize(topic, value);
    producer.send(new ProducerRecord<>(topic, partition, null, bytes)).get();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
