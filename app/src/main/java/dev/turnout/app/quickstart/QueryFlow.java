package dev.turnout.app.quickstart;

import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.app.quickstart.view.LiveFigures;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Publishes a scenario's queries at a steady rate, as an application would. */
final class QueryFlow implements AutoCloseable {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int MOST_IN_FLIGHT = 2_000;

  private final TopicCatalogue topics;
  private final Scenario scenario;
  private final StreamIds ids;
  private final LiveFigures figures;
  private final KafkaProducer<String, Query> producer;
  private final int limit;
  private final double rate;
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread;

  /**
   * Ready to start.
   *
   * @param limit queries to publish in all; {@link Integer#MAX_VALUE} goes on until closed
   * @param rate queries a second; infinite for as fast as they are routed
   */
  QueryFlow(
      TopicCatalogue topics,
      Scenario scenario,
      StreamIds ids,
      LiveFigures figures,
      Map<String, Object> client,
      Map<String, ?> serde,
      int limit,
      double rate) {
    this.topics = topics;
    this.scenario = scenario;
    this.ids = ids;
    this.figures = figures;
    this.limit = limit;
    this.rate = rate;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    this.producer =
        new KafkaProducer<>(
            settings, new StringSerializer(), AvroSerdes.of(Query.class, serde).serializer());
    this.thread = new Thread(this::run, "turnout-flow");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long start = System.nanoTime();
    @Nullable Future<RecordMetadata> last = null;
    try {
      for (int position = 0; position < limit && running.get(); position++) {
        pace(start, position);
        String id = ids.of(position);
        Instant now = Instant.now();
        Query query =
            Query.newBuilder()
                .setId(id)
                .setText(scenario.at(position).text())
                .setSubmittedAt(now)
                .build();
        figures.published(position, now.toEpochMilli());
        last = producer.send(new ProducerRecord<>(topics.queries(), id, query), this::acknowledged);
        published.incrementAndGet();
      }
      producer.flush();
      if (last != null) {
        last.get();
      }
    } catch (RuntimeException | ExecutionException e) {
      failure.compareAndSet(null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acknowledged(@Nullable RecordMetadata metadata, @Nullable Exception refused) {
    if (refused != null) {
      failure.compareAndSet(null, refused);
    }
  }

  private void pace(long start, int position) {
    long due = Double.isInfinite(rate) ? 0 : (long) (position / rate * NANOS_PER_SECOND);
    while (running.get()
        && (System.nanoTime() - start < due || figures.inFlight() > MOST_IN_FLIGHT)) {
      LockSupport.parkNanos(
          Math.max(1_000_000, Math.min(20_000_000, due - (System.nanoTime() - start))));
    }
  }

  /** Queries handed to Kafka so far. */
  int published() {
    return published.get();
  }

  boolean done() {
    return !thread.isAlive();
  }

  /** What stopped the flow; null as long as nothing did. */
  @Nullable Exception failure() {
    return failure.get();
  }

  /** Stops publishing; what was handed to Kafka is sent. */
  void stop() throws InterruptedException {
    running.set(false);
    thread.join();
  }

  @Override
  public void close() {
    running.set(false);
    producer.close();
  }
}
