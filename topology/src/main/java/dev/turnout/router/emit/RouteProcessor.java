package dev.turnout.router.emit;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.decide.Decider;
import dev.turnout.router.decide.Routing;
import dev.turnout.router.encode.BatchEncoding;
import dev.turnout.router.encode.EncodedQuery;
import dev.turnout.router.encode.PolledQuery;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.router.intake.IntakeResult;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.ForwardedHeaders;
import dev.turnout.topic.LogText;
import dev.turnout.topic.RefusedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One polled query in; its decision and its request, or its dead letter, out, and where a gateway
 * waits for that alone a reply. All of them and the query's offset are one transaction. Of a query
 * that only wants to know the decision, the reply is all that is made: it is neither charged nor
 * learnt from, so it does not go to the decisions topic. Keeps no state. Confined to one stream
 * thread.
 */
public final class RouteProcessor implements Processor<byte[], PolledQuery, byte[], Object> {
  /** Sink of {@link AddressedRequest}s. */
  public static final String REQUESTS = "requests";

  /** Sink of {@link RoutingDecision}s. */
  public static final String DECISIONS = "decisions";

  /** Sink of refused records' bytes. */
  public static final String DEAD_LETTERS = "dead-letters";

  /** Sink of {@link BudgetEvent}s. */
  public static final String SPENDING = "spending";

  /** Sink of {@link AddressedReply}s. */
  public static final String REPLIES = "replies";

  private static final Logger LOG = LoggerFactory.getLogger(RouteProcessor.class);

  /** Shorter than the open transaction may live; after it the thread starts over. */
  private static final Duration REGISTRY_WAIT = Duration.ofSeconds(5);

  private static final Duration REGISTRY_PAUSE = Duration.ofMillis(500);
  private static final String STAGE_INTAKE = "intake";
  private static final String STAGE_ROUTE = "route";

  private final QueryIntake intake;
  private final BatchEncoding encoding;
  private final Decider decider;
  private final ForwardedHeaders forwarded;
  private final CommitPace pace;
  private final RouterMetrics metrics;
  private final Telemetry telemetry;
  private final Clock clock;
  private @Nullable ProcessorContext<byte[], Object> context;

  /**
   * @param intake reads what the interceptor did not
   * @param encoding the one that the interceptor encodes ahead with
   * @param decider this processor's own
   * @param telemetry told of each decision
   * @param forwarded which of a query's headers its requests and its decision have too
   * @param pace when it asks for commits; this processor's own
   */
  public RouteProcessor(
      QueryIntake intake,
      BatchEncoding encoding,
      Decider decider,
      ForwardedHeaders forwarded,
      CommitPace pace,
      RouterMetrics metrics,
      Telemetry telemetry,
      Clock clock) {
    this.intake = intake;
    this.encoding = encoding;
    this.decider = decider;
    this.forwarded = forwarded;
    this.pace = pace;
    this.metrics = metrics;
    this.telemetry = telemetry;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
    if (pace.asks()) {
      processorContext.schedule(
          CommitPace.EVERY, PunctuationType.WALL_CLOCK_TIME, this::commitIfOverdue);
    }
  }

  private void commitIfOverdue(long now) {
    if (pace.isOverdue(System.nanoTime())) {
      running().commit();
    }
  }

  /**
   * Routes one record.
   *
   * @throws RegistryUnavailableException if the schema registry does not answer for five seconds;
   *     the stream thread then starts over from the last commit
   */
  @Override
  public void process(Record<byte[], PolledQuery> record) {
    PolledQuery polled = record.value();
    IntakeResult read =
        polled.header() == null ? readOnceRegistryAnswers(record) : polled.header().intake();
    if (read instanceof IntakeResult.Refused refused) {
      deadLetter(record, refused.letter(), STAGE_INTAKE, refused.query());
    } else if (read instanceof IntakeResult.Accepted accepted) {
      route(record, accepted.query(), encoding.encoded(accepted.query(), polled));
    }
    if (polled.header() != null && pace.isDue(polled.header().endedPoll(), System.nanoTime())) {
      running().commit();
    }
  }

  private void route(Record<byte[], PolledQuery> record, Query query, EncodedQuery encoded) {
    long start = System.nanoTime();
    Instant now = clock.instant();
    DecisionSpan span = DecisionSpan.begin(telemetry, record.headers(), query, encoded);
    Routing routing;
    try {
      routing = decider.decide(query, encoded, now);
    } catch (RuntimeException e) {
      LOG.atError()
          .setMessage("query could not be routed")
          .addKeyValue("query", LogText.of(query.getId()))
          .setCause(e)
          .log();
      routing = new Routing.Refused(new DeadLetter(DeadLetterReason.INTERNAL_ERROR, e.toString()));
    }
    if (routing instanceof Routing.Refused refused) {
      deadLetter(record, refused.letter(), STAGE_ROUTE, query);
      if (span != null) {
        span.refused(refused.letter());
      }
      forwardSpending(record, refused.spending());
    } else if (routing instanceof Routing.Decided decided) {
      long queueMicros = Math.max(0, encoded.polledAtMillis() - record.timestamp()) * 1_000;
      long decideMicros = (System.nanoTime() - start) / 1_000;
      RoutingDecision decision =
          decided.decision().setQueueMicros(queueMicros).setDecideMicros(decideMicros).build();
      Headers onward = forwarded.of(record.headers());
      if (span != null) {
        span.into(onward);
        span.decided(decision);
      }
      if (query.getDecideOnly()) {
        reply(record.withHeaders(onward), AddressedReply.decision(query, decision));
      } else {
        send(record.withHeaders(onward), query, decision, decided);
      }
      if (decision.getStagedLlm() != null) {
        metrics.stagedChoice(decision.getLlm(), decision.getStagedLlm());
      }
      metrics.routed(
          decision.getLlm(),
          decision.getFallback().name(),
          queueMicros,
          encoded.encodeMicros(),
          decideMicros,
          Math.max(0, now.toEpochMilli() - record.timestamp()));
    }
  }

  private void send(
      Record<byte[], PolledQuery> record,
      Query query,
      RoutingDecision decision,
      Routing.Decided decided) {
    // Keyed by the query's id whatever the producer's key was: workers and the join rely on it.
    Record<byte[], PolledQuery> keyed =
        record.withKey(query.getId().getBytes(StandardCharsets.UTF_8));
    forward(
        keyed.withValue(
            new AddressedRequest(
                decided.topic(), new RoutedRequest(query, decision, 1, false, List.of()))),
        REQUESTS);
    for (String shadowTopic : decided.shadowTopics()) {
      forward(
          keyed.withValue(
              new AddressedRequest(
                  shadowTopic, new RoutedRequest(query, decision, 1, true, List.of()))),
          REQUESTS);
    }
    forward(keyed.withValue(decision), DECISIONS);
    forwardSpending(record, decided.spending());
  }

  private void forwardSpending(Record<byte[], PolledQuery> record, List<BudgetEvent> spending) {
    for (BudgetEvent event : spending) {
      forward(
          new Record<>(
              event.getTenant().getBytes(StandardCharsets.UTF_8), event, record.timestamp()),
          SPENDING);
    }
  }

  private void reply(Record<byte[], PolledQuery> record, Optional<AddressedReply> reply) {
    reply.ifPresent(
        to -> forward(new Record<>(to.key(), to, record.timestamp(), record.headers()), REPLIES));
  }

  private void deadLetter(
      Record<byte[], PolledQuery> record, DeadLetter letter, String stage, @Nullable Query query) {
    metrics.deadLettered(letter.reason().name());
    Optional<RecordMetadata> origin = running().recordMetadata();
    DeadLetterRecord refused =
        letter.of(
            new RefusedRecord(
                origin.map(RecordMetadata::topic).orElse(""),
                origin.map(RecordMetadata::partition).orElse(-1),
                origin.map(RecordMetadata::offset).orElse(-1L),
                record.key(),
                record.value().raw(),
                record.headers()),
            stage);
    forward(
        new Record<>(refused.key(), refused.value(), record.timestamp(), refused.headers()),
        DEAD_LETTERS);
    reply(
        record.withHeaders(forwarded.of(record.headers())), AddressedReply.refusal(query, letter));
  }

  private void forward(Record<byte[], ? extends @Nullable Object> out, String sink) {
    running().forward(out, sink);
  }

  private IntakeResult readOnceRegistryAnswers(Record<byte[], PolledQuery> record) {
    long end = System.nanoTime() + REGISTRY_WAIT.toNanos();
    while (true) {
      try {
        return intake.read(record.value().raw(), record.headers());
      } catch (RegistryUnavailableException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LOG.atWarn()
            .setMessage("waiting for the schema registry")
            .addKeyValue("problem", LogText.of(String.valueOf(e.getMessage())))
            .log();
        try {
          Thread.sleep(REGISTRY_PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
          throw new InterruptException(interrupted);
        }
      }
    }
  }

  private ProcessorContext<byte[], Object> running() {
    if (context == null) {
      throw new IllegalStateException("the processor is used before init");
    }
    return context;
  }
}
