package dev.turnout.lab.bench.route;

import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.lab.bench.encode.BenchmarkQueries;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.RouterStreamsConfig;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What moving the records costs: the router's serdes, outputs and client settings, but the decision
 * is one of some hundred canned ones of the usual size. Nothing is encoded, scored or chosen.
 * Scores and embeddings are random, since they are what does not compress in a real decision
 * either; surfaces are those of benchmark queries.
 */
final class PassThrough implements AutoCloseable {
  /** More than a producer's batch holds, so that no embedding compresses against itself. */
  private static final int VARIETY = 256;

  private final AtomicLong passed = new AtomicLong();
  private final KafkaStreams streams;

  private PassThrough(
      RouterSettings settings, Map<String, ?> serdes, int pollRecords, int dimension) {
    TopicCatalogue topics = settings.topics();
    Topology topology = new Topology();
    topology.addSource(
        "queries",
        new ByteArrayDeserializer(),
        AvroSerdes.of(Query.class, serdes).deserializer(),
        topics.queries());
    topology.<byte[], Query, byte[], Object>addProcessor(
        "pass", () -> new Pass(dimension), "queries");
    topology.<byte[], RoutedRequest>addSink(
        "requests",
        (key, request, context) -> topics.requests(request.getDecision().getLlm()),
        new ByteArraySerializer(),
        AvroSerdes.of(RoutedRequest.class, serdes).serializer(),
        "pass");
    topology.addSink(
        "decisions",
        topics.decisions(),
        new ByteArraySerializer(),
        AvroSerdes.of(RoutingDecision.class, serdes).serializer(),
        "pass");
    streams =
        new KafkaStreams(topology, RouterStreamsConfig.withoutEncoding(settings, pollRecords));
  }

  /**
   * Starts one.
   *
   * @param dimension of the embedding that the canned decision carries
   */
  static PassThrough start(
      RouterSettings settings, Map<String, ?> serdes, int pollRecords, int dimension) {
    PassThrough pass = new PassThrough(settings, serdes, pollRecords, dimension);
    pass.streams.start();
    return pass;
  }

  /** Queries passed so far. */
  long passed() {
    return passed.get();
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(20));
  }

  /** Forwards a query with a canned decision. */
  private final class Pass implements Processor<byte[], Query, byte[], Object> {
    private final List<Canned> canned = new ArrayList<>();
    private @Nullable ProcessorContext<byte[], Object> context;
    private int next;

    private record Canned(List<LlmScore> ranking, ByteBuffer embedding, ByteBuffer surface) {}

    Pass(int dimension) {
      SplittableRandom random = new SplittableRandom(11);
      List<String> texts = BenchmarkQueries.of(VARIETY);
      for (int i = 0; i < VARIETY; i++) {
        List<LlmScore> ranking =
            BenchmarkModel.LLMS.stream()
                .map(
                    llm ->
                        new LlmScore(
                            llm,
                            random.nextDouble(),
                            random.nextDouble(),
                            random.nextDouble(),
                            random.nextDouble(),
                            500.0,
                            0.0,
                            true,
                            null))
                .toList();
        byte[] embedding = new byte[2 * dimension];
        random.nextBytes(embedding);
        byte[] surface = SurfaceReader.shared().read(texts.get(i)).toBytes();
        canned.add(new Canned(ranking, ByteBuffer.wrap(embedding), ByteBuffer.wrap(surface)));
      }
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
      context = processorContext;
    }

    @Override
    public void process(Record<byte[], Query> record) {
      if (context == null) {
        throw new IllegalStateException("the processor is used before init");
      }
      Query query = record.value();
      Canned content = canned.get(next++ % VARIETY);
      RoutingDecision decision =
          new RoutingDecision(
              query.getId(),
              query.getTenant(),
              BenchmarkModel.LLMS.get(next % BenchmarkModel.LLMS.size()),
              content.ranking(),
              1.0,
              "argmax",
              "bench-000000000000",
              "pass-through@000000000000/384",
              "pass-through",
              "0.1.0",
              false,
              false,
              0.5,
              Fallback.NONE,
              "bench/llm-0: highest score (score 0.100, predicted success 30 %)",
              3,
              content.embedding(),
              content.surface(),
              Instant.now(),
              0L,
              0L,
              0L,
              1,
              List.of(),
              null,
              null,
              null,
              null);
      Record<byte[], Query> keyed = record.withKey(query.getId().getBytes(StandardCharsets.UTF_8));
      context.forward(
          keyed.withValue(new RoutedRequest(query, decision, 1, false, List.of())), "requests");
      context.forward(keyed.withValue(decision), "decisions");
      passed.incrementAndGet();
    }
  }
}
