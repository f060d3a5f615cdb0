package dev.turnout.app.command.drill;

import dev.turnout.app.command.Connection;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.quickstart.scenario.SampleQuery;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of a drill: one thread publishes, and whoever runs it reads. It outlasts brokers that
 * go: what they have not acknowledged is published again, by an idempotent producer, for two
 * minutes.
 */
final class Drill implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int PATIENCE_MILLIS = 120_000;

  private final TopicCatalogue topics;
  private final DrillTally tally;
  private final String ids = "drill-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private final RecordSender sender;
  private final TopicTail<byte[], byte[]> tail;
  private final Serializer<Query> queries;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<RoutedRequest> requests;
  private final Deserializer<Outcome> outcomes;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Drill(Connection connection, DrillTally tally, List<String> read) {
    this.topics = connection.topics();
    this.tally = tally;
    Map<String, Object> patient = new HashMap<>(connection.client());
    patient.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    patient.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    this.sender = RecordSender.open(patient);
    this.tail = TopicTail.fromEnd(CommittedReader.open(connection.client()), read);
    this.queries = AvroSerdes.of(Query.class, connection.serde()).serializer();
    this.decisions = AvroSerdes.of(RoutingDecision.class, connection.serde()).deserializer();
    this.requests = AvroSerdes.of(RoutedRequest.class, connection.serde()).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, connection.serde()).deserializer();
  }

  /** Ready to ask: what comes from now on is seen. */
  static Drill open(Connection connection, DrillTally tally) throws InterruptedException {
    TopicCatalogue topics = connection.topics();
    List<String> read =
        new ArrayList<>(List.of(topics.decisions(), topics.outcomes(), topics.dlq()));
    try (Admin admin = Clients.admin(connection.client())) {
      topics
          .requestsSpecsAmong(admin.listTopics().names().get())
          .forEach(each -> read.add(each.name()));
    } catch (ExecutionException e) {
      throw new CommandFailure("the topics cannot be listed", FutureFailure.cause(e));
    }
    Drill drill = new Drill(connection, tally, read);
    drill.tail.begin();
    return drill;
  }

  /** Asks all queries, and reads until each is answered or the time to settle is over. */
  void run(double rate, Duration settle) throws InterruptedException {
    Thread asking = new Thread(() -> ask(rate), "turnout-drill");
    asking.setDaemon(true);
    asking.start();
    long end = Long.MAX_VALUE;
    while (!tally.complete() && System.nanoTime() < end) {
      Throwable failed = failure.get();
      if (failed != null) {
        throw new CommandFailure("a query cannot be published to " + topics.queries(), failed);
      }
      if (end == Long.MAX_VALUE && !asking.isAlive()) {
        end = System.nanoTime() + settle.toNanos();
      }
      tail.poll(POLL, this::read);
    }
    // what is doubled comes later than what is there once
    long late = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < late) {
      tail.poll(POLL, this::read);
    }
    asking.join();
  }

  private void ask(double rate) {
    List<SampleQuery> samples = SampleQuery.all();
    long start = System.nanoTime();
    try {
      for (int i = 0; i < tally.size(); i++) {
        long due = start + (long) (i / rate * 1e9);
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        Query query =
            Query.newBuilder()
                .setId(ids + i)
                .setText(samples.get(i % samples.size()).text())
                .setSubmittedAt(Instant.now())
                .build();
        tally.asked(i, System.nanoTime());
        CompletableFuture<Void> unusedSent =
            sender
                .send(topics.queries(), query.getId(), queries, query)
                .whenComplete(
                    (safe, refused) -> {
                      if (refused != null) {
                        failure.compareAndSet(null, refused);
                      }
                    });
      }
      sender.flush();
    } catch (Throwable e) {
      // an Error too: traffic that ends in silence would look like traffic that is over
      failure.compareAndSet(null, e);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    long now = System.nanoTime();
    if (record.topic().equals(topics.decisions())) {
      SkippingDecoder.decode(decisions, record)
          .flatMap(each -> position(each.getQueryId()))
          .ifPresent(position -> tally.decided(position, record.partition(), now));
    } else if (record.topic().equals(topics.outcomes())) {
      SkippingDecoder.decode(outcomes, record)
          .filter(each -> !each.getShadow())
          .flatMap(each -> position(each.getQueryId()))
          .ifPresent(tally::answered);
    } else if (record.topic().equals(topics.dlq())) {
      RefusedQuery.of(record, topics)
          .flatMap(each -> position(each.queryId()))
          .ifPresent(tally::refused);
    } else {
      // further attempts are workers' and may be several, shadows are nobody's answer
      SkippingDecoder.decode(requests, record)
          .filter(each -> each.getAttempt() == 1 && !each.getShadow())
          .flatMap(each -> position(each.getQuery().getId()))
          .ifPresent(tally::requested);
    }
  }

  private Optional<Integer> position(String id) {
    return id.startsWith(ids)
        ? Optional.of(Integer.parseInt(id.substring(ids.length())))
        : Optional.empty();
  }

  @Override
  public void close() {
    sender.close();
    tail.close();
  }
}
