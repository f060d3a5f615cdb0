package dev.turnout.console.traffic;

import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records of one partition of every topic, at each {@link TrafficLevel} that still keeps
 * their moment. Confined to one stream thread.
 *
 * <p>Names of LLMs and reasons come from outside, so that they are bounded in length and number:
 * beyond {@value #MOST_NAMES} of a partition, what is new counts as {@value #OTHERS}. What cannot
 * be read is counted and passed over; whoever has to act on it dead-letters it. Only a schema
 * registry that does not answer is thrown: the record is read again once it does.
 *
 * <p>Each count is put into the stores at once, so that a commit has all of it; what was put last
 * is remembered, since no other writes these stores and reading it back costs as much as counting.
 * A task that fails or moves begins with a new processor, which remembers nothing.
 */
final class TrafficProcessor implements Processor<byte[], byte[], Void, Void> {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficProcessor.class);

  /** Names that are told apart. */
  static final int MOST_NAMES = 200;

  /** What further names count as. */
  static final String OTHERS = "(others)";

  /** What keys of LLMs begin with. */
  static final char LLM = 'l';

  /** What keys of reasons of dead letters begin with. */
  static final char REASON = 'd';

  private static final int LONGEST_NAME = 256;

  private final TopicCatalogue topics;
  private final TrafficListener listener;
  private final Clock clock;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deserializer<Grade> grades;
  private final Map<TrafficLevel, WindowStore<String, TrafficTally>> stores =
      new EnumMap<>(TrafficLevel.class);
  private final Map<TrafficLevel, Map<String, Latest>> latest = new EnumMap<>(TrafficLevel.class);
  private final Set<String> names = new HashSet<>();
  private ProcessorContext<Void, Void> context;

  /** The window of a key that was counted in last, as the store holds it. */
  private record Latest(long start, TrafficTally tally) {}

  @SuppressWarnings("NullAway.Init") // set by init()
  TrafficProcessor(
      TopicCatalogue topics, Map<String, ?> serdes, TrafficListener listener, Clock clock) {
    this.topics = topics;
    this.listener = listener;
    this.clock = clock;
    this.decisions = AvroSerdes.of(RoutingDecision.class, serdes).deserializer();
    this.outcomes = AvroSerdes.of(Outcome.class, serdes).deserializer();
    this.grades = AvroSerdes.of(Grade.class, serdes).deserializer();
  }

  @Override
  public void init(ProcessorContext<Void, Void> processorContext) {
    context = processorContext;
    for (TrafficLevel level : TrafficLevel.values()) {
      stores.put(level, context.getStateStore(level.store()));
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    String topic = context.recordMetadata().map(RecordMetadata::topic).orElse("");
    try {
      if (topic.equals(topics.dlq())) {
        letter(record);
      } else if (record.value() != null) {
        read(topic, record.value(), record.timestamp());
      }
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure;
      }
      LOG.atDebug()
          .setMessage("record cannot be counted")
          .addKeyValue("topic", topic)
          .setCause(failure)
          .log();
      tally(LLM, OTHERS, record.timestamp(), tally -> tally.count(Measure.UNREADABLE));
    }
  }

  private void read(String topic, byte[] value, long at) {
    if (topic.equals(topics.decisions())) {
      RoutingDecision decision = decisions.deserialize(topic, value);
      tally(LLM, decision.getLlm(), at, tally -> count(tally, decision));
      listener.decided(decision, value.length);
    } else if (topic.equals(topics.outcomes())) {
      Outcome outcome = outcomes.deserialize(topic, value);
      tally(LLM, outcome.getLlm(), at, tally -> count(tally, outcome));
      listener.ended(outcome, value.length);
    } else {
      Grade grade = grades.deserialize(topic, value);
      if (grade.getReward() >= 0 && grade.getReward() <= 1) {
        tally(LLM, grade.getLlm(), at, tally -> count(tally, grade));
        listener.graded(grade);
      } else {
        tally(LLM, grade.getLlm(), at, tally -> tally.count(Measure.UNREADABLE));
      }
    }
  }

  private static void count(TrafficTally tally, RoutingDecision decision) {
    tally.count(Measure.DECISIONS);
    tally.add(Measure.EXPLORED, decision.getExplored() ? 1 : 0);
    tally.add(Measure.UNUSUAL, decision.getOutOfDistribution() ? 1 : 0);
    tally.add(Measure.FALLBACKS, decision.getFallback() == Fallback.NONE ? 0 : 1);
    tally.add(Measure.QUEUE_MICROS, (double) decision.getQueueMicros());
    tally.add(Measure.ENCODE_MICROS, (double) decision.getEncodeMicros());
    tally.add(Measure.DECIDE_MICROS, (double) decision.getDecideMicros());
    tally.add(Measure.BATCH_SIZES, decision.getBatchSize());
  }

  private static void count(TrafficTally tally, Outcome outcome) {
    if (outcome.getShadow()) {
      tally.count(Measure.SHADOWS);
      add(tally, Measure.SHADOW_COST_USD, outcome.getCostUsd());
      return;
    }
    if (outcome.getCostUsd() != null) {
      tally.count(Measure.COSTS);
      add(tally, Measure.COST_USD, outcome.getCostUsd());
    }
    add(tally, Measure.PROMPT_TOKENS, outcome.getPromptTokens());
    add(tally, Measure.ANSWER_TOKENS, outcome.getCompletionTokens());
    if (outcome.getCancelled()) {
      tally.count(Measure.CANCELLED);
      return;
    }
    switch (outcome.getStatus()) {
      case SUCCEEDED -> {
        tally.count(Measure.SUCCEEDED);
        if (outcome.getLatencyMs() != null) {
          tally.addLatency(outcome.getLatencyMs());
        }
      }
      case FAILED -> tally.count(Measure.FAILED);
      case TIMED_OUT -> tally.count(Measure.TIMED_OUT);
      case REJECTED -> tally.count(Measure.REJECTED);
    }
  }

  private static void count(TrafficTally tally, Grade grade) {
    tally.count(Measure.GRADES);
    tally.add(Measure.REWARD, grade.getReward());
    tally.add(Measure.REWARD_SQUARES, grade.getReward() * grade.getReward());
  }

  private static void add(TrafficTally tally, Measure measure, @Nullable Number amount) {
    if (amount != null) {
      tally.add(measure, amount.doubleValue());
    }
  }

  /** Marks among the dead letters have no reason. */
  private void letter(Record<byte[], byte[]> record) {
    String reason = text(record.headers(), DeadLetters.REASON);
    if (!reason.isEmpty()) {
      tally(REASON, reason, record.timestamp(), tally -> tally.count(Measure.DEAD_LETTERS));
    }
  }

  private static String text(Headers headers, String key) {
    Header header = headers.lastHeader(key);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private void tally(char kind, String name, long timestamp, Consumer<TrafficTally> counting) {
    String key = key(kind, name);
    Instant now = clock.instant();
    Instant at = Instant.ofEpochMilli(timestamp);
    stores.forEach(
        (level, store) -> {
          if (level.keeps(at, now)) {
            long start = level.startOf(at).toEpochMilli();
            TrafficTally tally = stored(level, store, key, start);
            counting.accept(tally);
            store.put(key, tally, start);
          }
        });
  }

  /** What the store holds of a window, read from it only where it is not what was put last. */
  private TrafficTally stored(
      TrafficLevel level, WindowStore<String, TrafficTally> store, String key, long start) {
    Map<String, Latest> ofLevel = latest.computeIfAbsent(level, unused -> new HashMap<>());
    Latest known = ofLevel.get(key);
    if (known != null && known.start() == start) {
      return known.tally();
    }
    TrafficTally tally = store.fetch(key, start);
    Latest read = new Latest(start, tally == null ? new TrafficTally() : tally);
    ofLevel.put(key, read);
    return read.tally();
  }

  private String key(char kind, String name) {
    String key = kind + BoundedText.cut(name, LONGEST_NAME);
    if (!names.contains(key)) {
      if (names.size() >= MOST_NAMES) {
        return kind + OTHERS;
      }
      names.add(key);
    }
    return key;
  }

  @Override
  public void close() {
    decisions.close();
    outcomes.close();
    grades.close();
  }
}
