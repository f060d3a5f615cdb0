package dev.turnout.router;

import dev.turnout.control.model.ServingMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the router reports about itself. Safe for use by several threads.
 *
 * <p>Names as Prometheus shows them: {@code
 * turnout_stage_seconds{stage="queue|encode|decide|total"}} (histograms), {@code
 * turnout_batch_size}, {@code turnout_batch_encode_seconds}, {@code turnout_routed_total{llm}},
 * {@code turnout_fallback_total{kind}}, {@code turnout_dead_letter_total{reason}}, {@code
 * turnout_encoded_singly_total}, {@code turnout_batch_failed_total}, {@code
 * turnout_preparation_failed_total}, {@code turnout_model_rejected_total}, {@code
 * turnout_model_info{version}}, {@code turnout_model_staged{version}}, {@code
 * turnout_staged_choice_total{agrees}}, {@code turnout_queue_lag_records}, {@code
 * turnout_llm_unavailable{llm}}.
 */
public final class RouterMetrics implements ServingMetrics {
  private final MeterRegistry registry;
  private final Timer queue;
  private final Timer encode;
  private final Timer decide;
  private final Timer total;
  private final Timer batchEncode;
  private final DistributionSummary batchSize;
  private final Counter encodedSingly;
  private final Counter batchFailed;
  private final Counter preparationFailed;
  private final Counter modelRejected;
  private final MultiGauge modelInfo;
  private final MultiGauge modelStaged;
  private final MultiGauge llmUnavailable;
  private final Counter stagedAgrees;
  private final Counter stagedDiffers;
  private final Map<String, Counter> routed = new ConcurrentHashMap<>();
  private final Map<String, Counter> fallbacks = new ConcurrentHashMap<>();
  private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();

  public RouterMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.queue = stage(registry, "queue", "from the query's record timestamp to its poll");
    this.encode = stage(registry, "encode", "a query's share of its batch's encoding");
    this.decide = stage(registry, "decide", "scoring, policy and building the decision");
    this.total = stage(registry, "total", "from the query's record timestamp to its decision");
    this.batchEncode =
        Timer.builder("turnout.batch.encode")
            .description("encoding one polled batch")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(30))
            .register(registry);
    this.batchSize =
        DistributionSummary.builder("turnout.batch.size")
            .description("queries encoded together")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
            .register(registry);
    this.encodedSingly =
        counter("turnout.encoded.singly", "queries encoded one by one: their batch had failed");
    this.batchFailed = counter("turnout.batch.failed", "polled batches the encoder failed on");
    this.preparationFailed =
        counter("turnout.preparation.failed", "polled batches that could not be prepared");
    this.modelRejected =
        counter("turnout.model.rejected", "published models and model records that were refused");
    this.modelInfo =
        MultiGauge.builder("turnout.model.info")
            .description("1 for the model version that serves")
            .register(registry);
    this.modelStaged =
        MultiGauge.builder("turnout.model.staged")
            .description("share of the queries that the model version on trial serves; 0 is shadow")
            .register(registry);
    this.llmUnavailable =
        MultiGauge.builder("turnout.llm.unavailable")
            .description("1 for each LLM that its workers cannot have answer at present")
            .register(registry);
    this.stagedAgrees = stagedChoice(true);
    this.stagedDiffers = stagedChoice(false);
  }

  /** Metrics that nobody looks at. */
  public static RouterMetrics unobserved() {
    return new RouterMetrics(new CompositeMeterRegistry());
  }

  private static Timer stage(MeterRegistry registry, String stage, String description) {
    return Timer.builder("turnout.stage")
        .tag("stage", stage)
        .description("time a query spends in each stage; " + stage + ": " + description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(10_000))
        .maximumExpectedValue(Duration.ofSeconds(60))
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  /** A polled batch was encoded. */
  public void batchEncoded(int size, long nanos) {
    batchSize.record(size);
    batchEncode.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The encoder failed on a batch. */
  public void batchFailed() {
    batchFailed.increment();
  }

  /** A batch could not even be decoded. */
  public void preparationFailed() {
    preparationFailed.increment();
  }

  /** A query was encoded outside its batch. */
  public void encodedSingly() {
    encodedSingly.increment();
  }

  /**
   * A query was decided.
   *
   * @param llm the chosen LLM
   * @param fallback the decision's fallback, {@code NONE} on the normal path
   * @param queueMicros record timestamp to poll, in microseconds
   * @param encodeMicros share of the encoding, in microseconds
   * @param decideMicros scoring and policy, in microseconds
   * @param totalMillis record timestamp to decision, in milliseconds
   */
  public void routed(
      String llm,
      String fallback,
      long queueMicros,
      long encodeMicros,
      long decideMicros,
      long totalMillis) {
    routed
        .computeIfAbsent(
            llm, id -> tagged("turnout.routed", "llm", id, "decisions, by the chosen LLM"))
        .increment();
    if (!fallback.equals("NONE")) {
      fallbacks
          .computeIfAbsent(
              fallback,
              kind -> tagged("turnout.fallback", "kind", kind, "decisions off the normal path"))
          .increment();
    }
    queue.record(queueMicros, TimeUnit.MICROSECONDS);
    encode.record(encodeMicros, TimeUnit.MICROSECONDS);
    decide.record(decideMicros, TimeUnit.MICROSECONDS);
    total.record(totalMillis, TimeUnit.MILLISECONDS);
  }

  /** A record went to the dead-letter topic. */
  public void deadLettered(String reason) {
    deadLetters
        .computeIfAbsent(
            reason, kind -> tagged("turnout.dead.letter", "reason", kind, "records dead-lettered"))
        .increment();
  }

  @Override
  public void modelRejected() {
    modelRejected.increment();
  }

  @Override
  public void modelServes(@Nullable String version) {
    modelInfo.register(
        version == null
            ? List.of()
            : List.of(MultiGauge.Row.of(Tags.of("version", version), () -> 1)),
        true);
  }

  @Override
  public void modelStaged(@Nullable String version, double share) {
    modelStaged.register(
        version == null
            ? List.of()
            : List.of(MultiGauge.Row.of(Tags.of("version", version), () -> share)),
        true);
  }

  /**
   * The workers of these LLMs, and of no others, cannot have them answer at present.
   *
   * @param holds whether that takes an LLM out of service; asked at every scrape, since profiles
   *     come and change at other times than reports
   */
  public void unavailable(Collection<String> llms, Predicate<String> holds) {
    llmUnavailable.register(
        llms.stream()
            .map(llm -> MultiGauge.Row.of(Tags.of("llm", llm), () -> holds.test(llm) ? 1 : 0))
            .toList(),
        true);
  }

  /** A model in shadow was scored beside the serving one; whether it would have chosen alike. */
  public void stagedChoice(String served, String wouldBe) {
    (served.equals(wouldBe) ? stagedAgrees : stagedDiffers).increment();
  }

  private Counter stagedChoice(boolean agrees) {
    return Counter.builder("turnout.staged.choice")
        .description("queries on which the model in shadow would have chosen alike, or not")
        .tag("agrees", Boolean.toString(agrees))
        .register(registry);
  }

  /**
   * Reports the number of queries not yet polled.
   *
   * @param lag read at every scrape; NaN when unknown
   */
  public void watchQueueLag(Supplier<Number> lag) {
    Gauge.builder("turnout.queue.lag.records", lag)
        .description("queries on the topic that this router has not polled yet")
        .register(registry);
  }

  private Counter tagged(String name, String tag, String value, String description) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }
}
