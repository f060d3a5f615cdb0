package dev.turnout.router.emit;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.RouterTopology;
import dev.turnout.router.decide.Decider;
import dev.turnout.router.decide.Routing;
import dev.turnout.router.encode.EncodedChunk;
import dev.turnout.router.encode.EncodedQueryHeader;
import dev.turnout.router.encode.EncodingTiming;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.router.intake.IntakeResult;
import dev.turnout.router.intake.PolledQuery;
import dev.turnout.router.intake.QueryIntake;
import dev.turnout.schema.BudgetEvent;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One polled query in; its decision and its request, or its dead letter, out. All of them and the
 * query's offset are one transaction. Keeps no state.
 */
public final class RouteProcessor implements Processor<byte[], PolledQuery, byte[], Object> {
  private static final Logger log = LoggerFactory.getLogger(RouteProcessor.class);

  /** Shorter than the open transaction may live; after it the thread starts over. */
  private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(5);

  private static final Duration REGISTRY_PAUSE = Duration.ofMillis(500);
  private static final String STAGE_INTAKE = "intake";
  private static final String STAGE_ROUTE = "route";

  private final QueryIntake intake;
  private final QueryEncoder encoder;
  private final String encoderId;
  private final Decider router;
  private final RouterMetrics metrics;
  private final Clock clock;
  private @Nullable ProcessorContext<byte[], Object> context;

  public RouteProcessor(
      QueryIntake intake,
      QueryEncoder encoder,
      Decider router,
      RouterMetrics metrics,
      Clock clock) {
    this.intake = intake;
    this.encoder = encoder;
    this.encoderId = encoder.id().toString();
    this.router = router;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    context = processorContext;
  }

  @Override
  public void process(Record<byte[], PolledQuery> record) {
    PolledQuery polled = record.value();
    EncodedQueryHeader prepared = polled.prepared();
    IntakeResult read = prepared == null ? readPatiently(polled.raw()) : prepared.intake();
    if (read instanceof IntakeResult.Refused refused) {
      deadLetter(record, refused.letter(), STAGE_INTAKE);
    } else if (read instanceof IntakeResult.Accepted accepted) {
      decide(record, accepted.query(), encoded(accepted.query(), prepared));
    }
  }

  /** An embedding and how it came about. */
  private record Encoded(float @Nullable [] embedding, EncodingTiming preparation) {}

  private Encoded encoded(Query query, @Nullable EncodedQueryHeader prepared) {
    long polledAt = clock.millis();
    if (prepared != null) {
      EncodedChunk chunk = prepared.chunk();
      float[][] vectors = chunk.vectors();
      if (vectors != null) {
        return new Encoded(vectors[prepared.index()], chunk.preparation());
      }
      polledAt = chunk.preparation().polledAtMillis();
    }
    long start = System.nanoTime();
    float[] embedding = null;
    metrics.encodedSingly();
    try {
      embedding = encoder.encode(List.of(query.getText()))[0];
    } catch (RuntimeException e) {
      log.warn("query {} could not be encoded; the fallback LLM takes it", query.getId(), e);
    }
    long micros = (System.nanoTime() - start) / 1_000;
    return new Encoded(embedding, new EncodingTiming(encoderId, 1, polledAt, micros));
  }

  private void decide(Record<byte[], PolledQuery> record, Query query, Encoded encoded) {
    long start = System.nanoTime();
    Instant now = clock.instant();
    Routing routing;
    try {
      routing = router.route(query, encoded.embedding(), encoderId, now);
    } catch (RuntimeException e) {
      log.error("query {} could not be routed", query.getId(), e);
      routing = new Routing.Refused(new DeadLetter(DeadLetterReason.INTERNAL_ERROR, e.toString()));
    }
    if (routing instanceof Routing.Refused refused) {
      deadLetter(record, refused.letter(), STAGE_ROUTE);
      tell(record, refused.spending());
    } else if (routing instanceof Routing.Decided decided) {
      EncodingTiming preparation = encoded.preparation();
      long queueMicros = Math.max(0, preparation.polledAtMillis() - record.timestamp()) * 1_000;
      long decideMicros = (System.nanoTime() - start) / 1_000;
      RoutingDecision decision =
          decided
              .draft()
              .setQueueMicros(queueMicros)
              .setEncodeMicros(preparation.encodeMicros())
              .setBatchSize(preparation.batchSize())
              .setDecideMicros(decideMicros)
              .build();
      send(record, query, decision, decided);
      if (decision.getStagedLlm() != null) {
        metrics.stagedChoice(decision.getLlm(), decision.getStagedLlm());
      }
      metrics.routed(
          decision.getLlm(),
          decision.getFallback().name(),
          queueMicros,
          preparation.encodeMicros(),
          decideMicros,
          Math.max(0, now.toEpochMilli() - record.timestamp()));
    }
  }

  private void send(
      Record<byte[], PolledQuery> record,
      Query query,
      RoutingDecision decision,
      Routing.Decided decided) {
    Record<byte[], PolledQuery> keyed =
        record.withKey(query.getId().getBytes(StandardCharsets.UTF_8));
    forward(
        keyed.withValue(
            new AddressedRequest(decided.topic(), new RoutedRequest(query, decision, 1, false))),
        RouterTopology.REQUESTS);
    for (String shadowTopic : decided.shadowTopics()) {
      forward(
          keyed.withValue(
              new AddressedRequest(shadowTopic, new RoutedRequest(query, decision, 1, true))),
          RouterTopology.REQUESTS);
    }
    forward(keyed.withValue(decision), RouterTopology.DECISIONS);
    tell(record, decided.spending());
  }

  private void tell(Record<byte[], PolledQuery> record, List<BudgetEvent> spending) {
    for (BudgetEvent event : spending) {
      forward(
          record.withKey(event.getTenant().getBytes(StandardCharsets.UTF_8)).withValue(event),
          RouterTopology.SPENDING);
    }
  }

  private void deadLetter(Record<byte[], PolledQuery> record, DeadLetter letter, String stage) {
    metrics.deadLettered(letter.reason().name());
    Optional<RecordMetadata> origin = running().recordMetadata();
    forward(
        record
            .withValue(record.value().raw())
            .withHeaders(
                letter.headers(
                    record.headers(),
                    stage,
                    origin.map(RecordMetadata::topic).orElse(""),
                    origin.map(RecordMetadata::partition).orElse(-1),
                    origin.map(RecordMetadata::offset).orElse(-1L))),
        RouterTopology.DEAD_LETTERS);
  }

  private void forward(Record<byte[], ? extends @Nullable Object> out, String sink) {
    running().forward(out, sink);
  }

  private IntakeResult readPatiently(byte @Nullable [] raw) {
    long end = System.nanoTime() + REGISTRY_PATIENCE.toNanos();
    while (true) {
      try {
        return intake.read(raw);
      } catch (RegistryUnavailableException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        log.warn("waiting for the schema registry: {}", e.getMessage());
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
