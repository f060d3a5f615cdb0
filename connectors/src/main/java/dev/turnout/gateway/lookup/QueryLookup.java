package dev.turnout.gateway.lookup;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.TopicCatalogue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Looks up by a query's id what was decided on it and what became of it, when somebody asks: no
 * gateway reads everything for that.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>Any gateway finds any query</b>, whichever gateway or producer published it, also after
 *       a restart: what is looked up stands on the topics alone.
 *   <li><b>An id that carries its time is found at that time</b> ({@link QueryIds}), for as long as
 *       its topic keeps it. Any other is searched for among what was written lately.
 *   <li><b>Looking up is bounded</b>: so many records, bytes and seconds a search, so many searches
 *       at a time, and so many that wait; others fail with {@link RejectedExecutionException}. An
 *       id that is asked for again and again is searched for once a second.
 *   <li><b>Memory is bounded</b> by the bytes of what is kept. It is kept for a short time, since a
 *       refused query may be decided yet, and one id may be used twice.
 * </ul>
 *
 * <p>Safe for use by several threads; never blocks.
 */
public final class QueryLookup implements AutoCloseable {

  private static final int SEARCHES = 2;
  private static final int MOST_WAITING = 200;
  private static final long MOST_KEPT_BYTES = 64L << 20;
  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final Duration MISSING_KEPT = Duration.ofSeconds(1);

  /** How far the clocks of producers may go wrong. */
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private static final RecordSearch.Limits LIMITS =
      new RecordSearch.Limits(100_000, 128L << 20, Duration.ofSeconds(15));

  private final TopicCatalogue topics;
  private final Duration memory;
  private final Clock clock;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deserializer<Query> queries;
  private final Deserializer<Grade> grades;
  private final Map<String, Object> consumers;
  private final BlockingQueue<RecordSearch> idle = new ArrayBlockingQueue<>(SEARCHES);
  private final ThreadPoolExecutor threads;
  private final AsyncCache<Wanted, Found> found;

  private record Wanted(String topic, String queryId) {}

  private record Found(@Nullable Object value, int bytes) {}

  /**
   * @param memory how far back an id without a time is searched for
   */
  public QueryLookup(
      Map<String, ?> kafka,
      Map<String, ?> serde,
      TopicCatalogue topics,
      Duration memory,
      Clock clock) {
    this.topics = topics;
    this.memory = memory;
    this.clock = clock;
    this.decisions = AvroSerdes.of(RoutingDecision.class, serde).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, serde).deserializer();
    this.queries = AvroSerdes.of(Query.class, serde).deserializer();
    this.grades = AvroSerdes.of(Grade.class, serde).deserializer();
    this.consumers = new HashMap<>(kafka);
    consumers.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    this.threads =
        new ThreadPoolExecutor(
            SEARCHES,
            SEARCHES,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            DaemonThreads.named("gateway-lookup"));
    this.found =
        Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT_BYTES)
            .weigher((Wanted wanted, Found value) -> value.bytes() + 2 * wanted.queryId().length())
            .expireAfter(
                Expiry.creating(
                    (Wanted wanted, Found value) -> value.value() == null ? MISSING_KEPT : KEPT))
            .executor(Runnable::run)
            .buildAsync();
  }

  /** The latest decision on a query. */
  public CompletableFuture<Optional<RoutingDecision>> decision(String queryId) {
    return find(
        topics.decisions(),
        queryId,
        RoutingDecision.class,
        record -> SkippingDecoder.decode(decisions, record));
  }

  /** What became of a query, of an answer for grading only nothing. */
  public CompletableFuture<Optional<Outcome>> outcome(String queryId) {
    return find(
        topics.outcomes(),
        queryId,
        Outcome.class,
        record -> SkippingDecoder.decode(outcomes, record).filter(outcome -> !outcome.getShadow()));
  }

  /** The query itself, as long as its topic keeps it. */
  public CompletableFuture<Optional<Query>> query(String queryId) {
    return find(
        topics.queries(), queryId, Query.class, record -> SkippingDecoder.decode(queries, record));
  }

  /** The grades of a query's answers that follow each other closely on their topic. */
  public CompletableFuture<Optional<QueryGrades>> grades(String queryId) {
    List<Grade> found = Collections.synchronizedList(new ArrayList<>());
    return find(
        topics.feedback(),
        queryId,
        QueryGrades.class,
        record ->
            SkippingDecoder.decode(grades, record)
                .map(
                    grade -> {
                      found.add(grade);
                      return new QueryGrades(found);
                    }));
  }

  /**
   * What graders said of a query's answers.
   *
   * @param grades in the order of their topic
   */
  public record QueryGrades(List<Grade> grades) {
    /** Freezes the list. */
    public QueryGrades {
      grades = List.copyOf(grades);
    }
  }

  /** Why a query was refused, if it ever was; it may have been decided since. */
  public CompletableFuture<Optional<RefusedQuery>> refusal(String queryId) {
    return find(
        topics.dlq(), queryId, RefusedQuery.class, record -> RefusedQuery.of(record, topics));
  }

  /**
   * Keeps a decision that came another way.
   *
   * @param bytes about as many as it takes
   */
  public void keep(RoutingDecision decision, int bytes) {
    found.put(
        new Wanted(topics.decisions(), decision.getQueryId()),
        CompletableFuture.completedFuture(new Found(decision, bytes)));
  }

  private <T> CompletableFuture<Optional<T>> find(
      String topic,
      String queryId,
      Class<T> type,
      Function<ConsumerRecord<byte[], byte[]>, Optional<T>> reader) {
    try {
      return found
          .get(
              new Wanted(topic, queryId),
              (wanted, unusedExecutor) ->
                  CompletableFuture.supplyAsync(() -> search(wanted, reader), threads))
          .thenApply(match -> Optional.ofNullable(type.cast(match.value())));
    } catch (RejectedExecutionException full) {
      return CompletableFuture.failedFuture(full);
    }
  }

  private <T> Found search(
      Wanted wanted, Function<ConsumerRecord<byte[], byte[]>, Optional<T>> reader) {
    RecordSearch search = idle.poll();
    try {
      if (search == null) {
        search = new RecordSearch(Clients.reader(consumers));
      }
      return search
          .latest(wanted.topic(), wanted.queryId(), start(wanted.queryId()), LIMITS, reader)
          .map(match -> new Found(match.value(), match.bytes()))
          .orElseGet(() -> new Found(null, 0));
    } catch (TimeoutException late) {
      throw new CompletionException(late);
    } finally {
      if (search != null && (threads.isShutdown() || !idle.offer(search))) {
        search.close();
      }
    }
  }

  private RecordSearch.Start start(String queryId) {
    Instant now = clock.instant();
    return QueryIds.time(queryId)
        .filter(time -> time.isBefore(now.plus(CLOCKS)))
        .map(time -> new RecordSearch.Start(time.minus(CLOCKS), true))
        .orElseGet(() -> new RecordSearch.Start(now.minus(memory), false));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      boolean unusedEnded = threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (RecordSearch search = idle.poll(); search != null; search = idle.poll()) {
      search.close();
    }
  }
}
