package dev.turnout.gateway.traffic;

import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.lookup.QueryLookup;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.StartedParts;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.telemetry.TraceContext;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks queries through Kafka and hears what becomes of them.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>A gateway reads only what is its own.</b> At its start it takes one partition of the
 *       replies topic by lot and tells it with every query; routers and workers reply there. Two
 *       gateways may take the same: each passes over the other's replies by their key. More
 *       partitions than gateways make that rare, nothing needs it to be.
 *   <li><b>Nobody gets another's answer.</b> Replies are matched by the <em>ask</em>, 144 random
 *       bits of this one call, never by the query's id, which clients choose and repeat.
 *   <li><b>No reply is missed.</b> No query is published before the reader stands at the end of its
 *       partition, and an ask is open before its query is sent. Reading has no group, so it never
 *       pauses for others.
 *   <li><b>Every ask ends once</b>: by a reply, a failed send, a cancellation, its deadline, or the
 *       end of the gateway. A second outcome, which at-least-once delivery may bring, finds nobody.
 *   <li><b>Which pieces of an answer are heard</b> {@link AnswerPieces} decides.
 *   <li><b>Nobody's thread waits.</b> Records are sent by {@link Publisher}'s threads, the reader
 *       only notes what it read, listeners are called on a pool, one thread at a time for each.
 *   <li><b>Memory is bounded</b>: so many asks ({@code gateway.max-open}), and so many bytes of
 *       records that wait for Kafka and of replies that wait for their listener. What is beyond
 *       fails with {@link TrafficLimitException}.
 *   <li><b>A gateway that dies costs its open connections, not their answers</b>: these stand on
 *       the outcomes topic, where any gateway finds them by the query's id.
 * </ul>
 *
 * <p>Replies are read before the transactions that they belong to have ended: a router's, that is,
 * since workers have none. Otherwise one router that dies would hold up every answer behind its
 * refusal until its transaction times out. If such a transaction is aborted, the query is routed
 * anew, and a client that was told of the refusal finds the answer by its id.
 */
public final class KafkaTraffic implements QueryTraffic, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaTraffic.class);
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  /** What a record takes besides its texts. */
  private static final long RECORD_BYTES = 4_096;

  private static final int MOST_DECISION_BYTES = 64 << 10;

  private final GatewaySettings settings;
  private final Clock clock;
  private final Serializer<Query> queries;
  private final Serializer<Grade> grades;
  private final Serializer<Cancellation> cancellations;
  private final Publisher publisher;
  private final OpenAsks asks;
  private final ReplyReader reader;
  private final SupervisedLoop loop;
  private final QueryLookup lookup;

  private KafkaTraffic(
      GatewaySettings settings, Clock clock, MeterRegistry metrics, StartedParts parts) {
    this.settings = settings;
    this.clock = clock;
    this.queries = AvroSerdes.of(Query.class, settings.serde()).serializer();
    this.grades = AvroSerdes.of(Grade.class, settings.serde()).serializer();
    this.cancellations = AvroSerdes.of(Cancellation.class, settings.serde()).serializer();
    this.publisher = parts.add(new Publisher(settings.kafka()));
    this.lookup =
        parts.add(
            new QueryLookup(
                settings.kafka(),
                settings.serde(),
                settings.topics(),
                settings.decisionMemory(),
                clock));
    this.asks =
        parts.add(
            new OpenAsks(settings.maxOpen(), settings.timeout(), clock, metrics, this::cancelled));
    this.reader =
        new ReplyReader(
            settings.kafka(),
            settings.serde(),
            settings.topics().replies(),
            count -> ThreadLocalRandom.current().nextInt(count),
            asks,
            this::keep);
    this.loop = SupervisedLoop.start("gateway-replies", reader);
  }

  /**
   * Starts, and returns when queries can be asked.
   *
   * @throws IllegalStateException if Kafka or the replies topic is not there
   */
  public static KafkaTraffic start(GatewaySettings settings, Clock clock, MeterRegistry metrics) {
    KafkaTraffic traffic = open(settings, clock, metrics);
    try {
      if (!traffic.reader.awaitBegin(LONGEST_START)) {
        throw new IllegalStateException(
            "gateway: the topic "
                + settings.topics().replies()
                + " is not there or the broker does not answer; check kafka.bootstrap.servers and"
                + " create the topics with turnout topics --create");
      }
      return traffic;
    } catch (InterruptedException interrupted) {
      traffic.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    } catch (RuntimeException failed) {
      traffic.close();
      throw failed;
    }
  }

  private static KafkaTraffic open(GatewaySettings settings, Clock clock, MeterRegistry metrics) {
    StartedParts parts = new StartedParts();
    try {
      return new KafkaTraffic(settings, clock, metrics, parts);
    } catch (RuntimeException | Error failed) {
      parts.giveUp(failed);
      throw failed;
    }
  }

  /** How the loops are doing. */
  public List<LoopState> loops() {
    return List.of(loop.state());
  }

  @Override
  public Ask ask(Query query, @Nullable TraceContext trace, AskListener listener) {
    OpenAsk ask = asks.open(query, listener);
    if (ask.ended()) {
      return ask;
    }
    Query addressed =
        Query.newBuilder(query).setReply(new ReplyAddress(reader.partition(), ask.id())).build();
    CompletableFuture<Void> unusedEnd =
        publisher
            .publish(
                settings.topics().queries(),
                query.getId(),
                queries,
                addressed,
                bytes(query),
                trace,
                () -> !ask.ended())
            .whenComplete(
                (safe, failure) -> {
                  if (failure != null) {
                    ask.failed("unsent", FutureFailure.cause(failure), null);
                  }
                });
    return ask;
  }

  @Override
  public CompletableFuture<Void> publish(Query query, @Nullable TraceContext trace) {
    return publisher.publish(
        settings.topics().queries(),
        query.getId(),
        queries,
        query,
        bytes(query),
        trace,
        () -> true);
  }

  @Override
  public CompletableFuture<Void> publish(Grade grade) {
    String comment = grade.getComment();
    return publisher.publish(
        settings.topics().feedback(),
        grade.getQueryId(),
        grades,
        grade,
        RECORD_BYTES + (comment == null ? 0 : comment.length()),
        null,
        () -> true);
  }

  @Override
  public CompletableFuture<Optional<RoutingDecision>> decision(String queryId) {
    return limited(lookup.decision(queryId));
  }

  @Override
  public CompletableFuture<Optional<Outcome>> outcome(String queryId) {
    return limited(lookup.outcome(queryId));
  }

  @Override
  public CompletableFuture<Optional<RefusedQuery>> refusal(String queryId) {
    return limited(lookup.refusal(queryId));
  }

  private static <T> CompletableFuture<T> limited(CompletableFuture<T> lookup) {
    return lookup.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                FutureFailure.cause(failure) instanceof RejectedExecutionException
                    ? new TrafficLimitException(
                        "too many queries are being looked up by their ids; try again")
                    : FutureFailure.cause(failure)));
  }

  private void cancelled(OpenAsk ask, String why) {
    Cancellation cancellation =
        new Cancellation(
            ask.queryId(),
            ask.id(),
            BoundedText.cut(why, FieldLimits.REASON),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    CompletableFuture<Void> unusedEnd =
        publisher
            .publish(
                settings.topics().cancellations(),
                ask.queryId(),
                cancellations,
                cancellation,
                RECORD_BYTES,
                null,
                () -> true)
            .exceptionally(
                failure -> {
                  LOG.atWarn()
                      .setMessage("cancellation could not be published, the LLM answers for nobody")
                      .addKeyValue("query", LogText.of(ask.queryId()))
                      .addKeyValue(
                          "error", LogText.of(String.valueOf(FutureFailure.cause(failure))))
                      .log();
                  return null;
                });
  }

  /** A decision that came with its answer need not be looked up. */
  private void keep(Reply reply, int bytes) {
    RoutingDecision decision = reply.getDecision();
    if (reply.getOutcome() != null && decision != null) {
      lookup.keep(decision, Math.min(bytes, MOST_DECISION_BYTES));
    }
  }

  private static long bytes(Query query) {
    long bytes = RECORD_BYTES + query.getText().length();
    if (query.getChat() != null) {
      bytes += query.getChat().getBody().length();
    }
    if (query.getConversation() != null) {
      for (var turn : query.getConversation().getTurns()) {
        bytes += turn.getText().length();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    asks.close();
    loop.close();
    lookup.close();
    publisher.close();
  }
}
