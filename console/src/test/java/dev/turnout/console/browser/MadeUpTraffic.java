package dev.turnout.console.browser;

import dev.turnout.console.Records;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Decisions on queries of some topics at a steady rate, each with its outcome and every third with
 * a grade and a sample, as large as those of real traffic: eight LLMs, 256 dimensions, an answer of
 * 1,200 letters.
 */
final class MadeUpTraffic implements AutoCloseable {
  private static final List<String> LLMS =
      IntStream.range(0, 8).mapToObj(i -> "llm-" + (char) ('a' + i)).toList();
  private static final List<String> ASKED =
      List.of(
          "Write a Python function that merges two sorted lists, number ",
          "Translate this German letter about invoice number ",
          "What happened to the railways in the year ",
          "Summarise the minutes of meeting number ");
  private static final int DIMENSIONS = 256;
  private static final int CELLS = 32;
  private static final String ANSWER = "It depends on what is meant. ".repeat(41);

  private final TopicCatalogue topics;
  private final Map<String, Object> serde;
  private final RecordSender sender;
  private final Map<String, Serializer<?>> serializers = new HashMap<>();
  private final Random random = new Random(5);
  private final AtomicLong decisions = new AtomicLong();
  private final long nanos;
  private final Thread thread;
  private volatile boolean running = true;

  /** Begins at once. */
  MadeUpTraffic(String brokers, String registry, TopicCatalogue topics, int rate) {
    this.topics = topics;
    this.serde = Map.of("schema.registry.url", registry);
    this.sender = RecordSender.open(Map.of("bootstrap.servers", brokers), Map.of("linger.ms", 20));
    this.nanos = 1_000_000_000L / rate;
    this.thread = new Thread(this::run, "made-up-traffic");
    thread.start();
  }

  /** Decisions so far. */
  long decisions() {
    return decisions.get();
  }

  private void run() {
    long next = System.nanoTime();
    while (running) {
      if (System.nanoTime() < next) {
        LockSupport.parkNanos(5_000_000);
        continue;
      }
      next += nanos;
      decide(decisions.getAndIncrement());
    }
  }

  private void decide(long number) {
    String id = "q-" + number;
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    int topic = random.nextInt(ASKED.size());
    String llm = LLMS.get(random.nextInt(LLMS.size()));
    float[] embedding = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      embedding[i] = (float) random.nextGaussian() / 16;
    }
    int cell = topic * CELLS / ASKED.size() + random.nextInt(CELLS / ASKED.size());
    RoutingDecision decision =
        RoutingDecision.newBuilder(Records.decision(id, llm, now, embedding))
            .setRanking(LLMS.stream().map(this::score).toList())
            .setCell(cell)
            .build();
    send(topics.decisions(), id, RoutingDecision.class, decision);
    Outcome outcome =
        Outcome.newBuilder(Records.outcome(id, llm, ASKED.get(topic) + number, now))
            .setAnswer(ANSWER)
            .build();
    send(topics.outcomes(), id, Outcome.class, outcome);
    if (number % 3 == 0) {
      double reward = random.nextInt(2);
      send(topics.feedback(), id, Grade.class, Records.grade(id, llm, "judge", reward, now));
      send(
          topics.samples(),
          id,
          TrainingSample.class,
          TrainingSample.newBuilder()
              .setQueryId(id)
              .setEmbedding(decision.getEmbedding())
              .setEncoderId(decision.getEncoderId())
              .setLlm(llm)
              .setReward(reward)
              .setPropensity(1.0 / LLMS.size())
              .setPolicy(decision.getPolicy())
              .setModelVersion(decision.getModelVersion())
              .setDecidedAt(now)
              .setGradedAt(now)
              .setCell(cell)
              .setCostUsd(0.002)
              .setLlms(LLMS)
              .setPropensities(LLMS.stream().map(each -> 1.0 / LLMS.size()).toList())
              .build());
    }
  }

  private LlmScore score(String llm) {
    return LlmScore.newBuilder(Records.score(llm, random.nextDouble(), 0.01 * random.nextDouble()))
        .setPropensity(1.0 / LLMS.size())
        .build();
  }

  @SuppressWarnings("unchecked") // a topic has one type
  private <T extends SpecificRecord> void send(String topic, String key, Class<T> type, T value) {
    Serializer<T> serializer =
        (Serializer<T>)
            serializers.computeIfAbsent(topic, unused -> AvroSerdes.of(type, serde).serializer());
    CompletableFuture<Void> unusedSent =
        sender.send(topic, key, serializer, value, new RecordHeaders());
  }

  /** Ends it; what was sent is safe then. */
  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
  }
}
