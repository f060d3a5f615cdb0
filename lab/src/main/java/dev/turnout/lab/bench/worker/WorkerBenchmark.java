package dev.turnout.lab.bench.worker;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingKind;
import dev.turnout.kafka.RecordSender;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.Delivery;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serializer;

/** Has a worker answer a backlog whose latencies are log-normal, through an embedded broker. */
final class WorkerBenchmark implements AutoCloseable {
  private static final String LLM = "benchmark";

  /** Of the logarithm: some answers take 10 to 20 times the median. */
  private static final double SIGMA = 1;

  /** In medians. */
  private static final double LONGEST = 20;

  private final Scale scale;
  private final Cluster cluster;

  /**
   * How much is measured.
   *
   * @param requests of each delivery
   * @param concurrency requests in flight
   * @param medianMillis of the LLM's latency
   * @param partitions of the request topic
   */
  record Scale(int requests, int concurrency, double medianMillis, int partitions) {}

  private WorkerBenchmark(Scale scale) {
    this.scale = scale;
    this.cluster = Cluster.start(0, 0);
  }

  static WorkerMeasurement run(Scale scale, Consumer<String> progress) throws InterruptedException {
    List<Double> latencies = latencies(scale);
    double mean = latencies.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    List<WorkerMeasurement.Case> cases = new ArrayList<>();
    try (WorkerBenchmark benchmark = new WorkerBenchmark(scale)) {
      for (Delivery delivery : Delivery.values()) {
        progress.accept(
            "%s, %d requests in %d slots, about %.0f s"
                .formatted(
                    SettingKind.nameOf(delivery),
                    scale.requests(),
                    scale.concurrency(),
                    scale.requests() * mean / 1000 / scale.concurrency()));
        cases.add(benchmark.measure(delivery, latencies));
      }
    }
    return new WorkerMeasurement(
        cases.stream().mapToDouble(WorkerMeasurement.Case::utilisation).min().orElseThrow(),
        scale.requests(),
        scale.concurrency(),
        scale.medianMillis(),
        mean,
        cases);
  }

  /** The same for all deliveries, in milliseconds. */
  private static List<Double> latencies(Scale scale) {
    Random random = new Random(7);
    List<Double> latencies = new ArrayList<>();
    for (int i = 0; i < scale.requests(); i++) {
      double factor = Math.min(LONGEST, Math.exp(SIGMA * random.nextGaussian()));
      latencies.add(scale.medianMillis() * factor);
    }
    return latencies;
  }

  /** An LLM that takes its time, and notes when it was asked. */
  private static final class SlowLlm implements LlmClient {
    private final List<Double> latencies;
    private final List<SlotUse.Call> calls = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();
    private final CountDownLatch all;
    private final long start = System.nanoTime();

    private SlowLlm(List<Double> latencies) {
      this.latencies = latencies;
      this.all = new CountDownLatch(latencies.size());
    }

    @Override
    public CompletableFuture<Completion> complete(RoutedRequest request) {
      long nanos;
      long begin = System.nanoTime();
      synchronized (this) {
        nanos = (long) (latencies.get(asked.size() % latencies.size()) * 1e6);
        asked.add(request.getQuery().getId());
        calls.add(new SlotUse.Call((begin - start) / 1e9, (begin + nanos - start) / 1e9));
      }
      CompletableFuture<Completion> answer =
          new CompletableFuture<Completion>()
              .completeOnTimeout(
                  new Completion("an answer", null, null, null, null), nanos, TimeUnit.NANOSECONDS);
      CompletableFuture<Void> unusedCount = answer.thenAccept(done -> all.countDown());
      return answer;
    }

    private synchronized List<SlotUse.Call> calls() {
      return calls.stream().sorted(Comparator.comparingDouble(SlotUse.Call::begin)).toList();
    }
  }

  private WorkerMeasurement.Case measure(Delivery delivery, List<Double> latencies)
      throws InterruptedException {
    String name = SettingKind.nameOf(delivery);
    TopicCatalogue topics = TopicCatalogue.withPrefix(name).withPartitions(scale.partitions());
    cluster.prepare(
        topics,
        List.of(
            LlmProfile.newBuilder()
                .setId(LLM)
                .setTopic(topics.requests(LLM))
                .setStatus(LlmStatus.ACTIVE)
                .setUpdatedAt(Instant.now())
                .build()));
    preload(topics);
    Map<String, String> texts = cluster.texts(topics);
    texts.put("worker.llm", LLM);
    texts.put("worker.delivery", name);
    // what is measured is how slots are filled, not how many the LLM can take
    texts.put("worker.adaptive-concurrency", "false");
    texts.put("worker.concurrency", Integer.toString(scale.concurrency()));
    SlowLlm llm = new SlowLlm(latencies);
    Duration patience = patience(latencies);
    try (LlmWorker worker =
        LlmWorker.start(
            WorkerSettings.from(Configuration.of(texts)), llm, new SimpleMeterRegistry())) {
      if (!llm.all.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "%s: %d of %d requests were not answered within %d s; the worker says %s"
                .formatted(
                    name,
                    llm.all.getCount(),
                    scale.requests(),
                    patience.toSeconds(),
                    worker.health(Instant.now()).problems()));
      }
    }
    SlotUse use = new SlotUse(llm.calls(), scale.concurrency());
    return new WorkerMeasurement.Case(
        name,
        use.utilisation(),
        use.steadyUtilisation(),
        use.rate(),
        use.ideal().rate(),
        use.full(),
        llm.calls().size() - scale.requests());
  }

  /** Ten times what slots that are refilled at once need, and the start. */
  private Duration patience(List<Double> latencies) {
    double all = latencies.stream().mapToDouble(Double::doubleValue).sum();
    return Duration.ofMinutes(1).plusMillis((long) (10 * all / scale.concurrency()));
  }

  private void preload(TopicCatalogue topics) throws InterruptedException {
    String topic = topics.requests(LLM);
    Serializer<RoutedRequest> serializer =
        AvroSerdes.of(RoutedRequest.class, cluster.settings()).serializer();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    try (RecordSender sender = RecordSender.open(cluster.clientSettings())) {
      for (int i = 0; i < scale.requests(); i++) {
        String id = "q-" + i;
        sent.add(sender.send(topic, id, serializer, request(id)));
      }
      RecordSender.await(
          CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)), "the backlog");
    }
  }

  private static RoutedRequest request(String id) {
    return RoutedRequest.newBuilder()
        .setQuery(Query.newBuilder().setId(id).setText("Why is the sky blue?").build())
        .setDecision(
            RoutingDecision.newBuilder()
                .setQueryId(id)
                .setLlm(LLM)
                .setRanking(List.of())
                .setPropensity(1)
                .setPolicy("argmax")
                .setModelVersion("none")
                .setEncoderId("none")
                .setExplored(false)
                .setOutOfDistribution(false)
                .setReason("the only one")
                .setDecidedAt(Instant.now())
                .build())
        .build();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
