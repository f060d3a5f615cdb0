package dev.turnout.app.quickstart;

import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.app.quickstart.view.LiveFigures;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Publishes a scenario's queries at a steady rate, as an application would. */
final class QueryFlow implements AutoCloseable {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int MOST_IN_FLIGHT = 2_000;

  private final TopicCatalogue topics;
  private final Scenario scenario;
  private final StreamIds ids;
  private final LiveFigures figures;
  private final RecordSender sender;
  private final Serializer<Query> queries;
  private final int limit;
  private final double rate;
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
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
    this.sender = RecordSender.open(client);
    this.queries = AvroSerdes.of(Query.class, serde).serializer();
    this.thread = new Thread(this::run, "turnout-flow");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long start = System.nanoTime();
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
        CompletableFuture<Void> unusedSent =
            sender.send(topics.queries(), id, queries, query).whenComplete(this::acknowledged);
        published.incrementAndGet();
      }
      sender.flush();
    } catch (Throwable e) {
      // an Error too: a flow that ends in silence would look like one that is done
      failure.compareAndSet(null, e);
    }
  }

  private void acknowledged(@Nullable Void safe, @Nullable Throwable refused) {
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
  @Nullable Throwable failure() {
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
    sender.close();
  }
}
