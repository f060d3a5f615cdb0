package dev.turnout.learner.loop;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the samples topic, from far enough back that the window is what it would be had all of the
 * log been read. Offsets do not tell how far that is: repeated grades, samples of other encoders
 * and transaction markers take offsets but no room in the window. So the end of the log is counted
 * first. Confined to one thread, except {@link #wake}.
 */
final class SampleLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleLog.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final int window;
  private final long from;
  private final Function<ConsumerRecord<byte[], byte[]>, Optional<?>> identity;
  private final Consumer<byte[], byte[]> consumer;
  private Map<TopicPartition, Long> ends = Map.of();
  private final Set<TopicPartition> behind = new HashSet<>();

  /**
   * @param window samples held by the reader
   * @param from offset whose window must be complete too; {@link Long#MAX_VALUE} for none
   * @param identity what a record is in the window, equal for records of which the later replaces
   *     the earlier; nothing for a record that is not held
   */
  SampleLog(
      String topic,
      int window,
      long from,
      Map<String, Object> clients,
      Function<ConsumerRecord<byte[], byte[]>, Optional<?>> identity) {
    this.topic = topic;
    this.window = window;
    this.from = from;
    this.identity = identity;
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.keySet().retainAll(ConsumerConfig.configNames());
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  ConsumerRecords<byte[], byte[]> poll(Duration patience) {
    if (ends.isEmpty()) {
      begin();
    }
    return consumer.poll(patience);
  }

  /** Whether all samples that existed at the start have been polled. */
  boolean caughtUp() {
    behind.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
    return !ends.isEmpty() && behind.isEmpty();
  }

  private void begin() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " does not exist");
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> complete = new HashMap<>();
    last.forEach((partition, end) -> complete.put(partition, Math.min(from, end)));
    long tail = 2L * window;
    boolean whole = seek(complete, first, tail);
    while (!whole && held(complete) < window) {
      tail *= 2;
      whole = seek(complete, first, tail);
    }
    seek(complete, first, tail);
    LOG.debug("the last {} offsets of {} hold the window of {}", tail, topic, window);
    behind.addAll(partitions);
    ends = last;
  }

  /** Goes so many offsets back; true when that is the beginning of the log. */
  private boolean seek(
      Map<TopicPartition, Long> ends, Map<TopicPartition, Long> beginnings, long tail) {
    boolean whole = true;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long beginning = beginnings.getOrDefault(end.getKey(), 0L);
      consumer.seek(end.getKey(), Math.max(beginning, end.getValue() - tail));
      whole &= end.getValue() - tail <= beginning;
    }
    return whole;
  }

  /** How many samples a window would hold that is filled from here to the ends. */
  private int held(Map<TopicPartition, Long> ends) {
    Set<Object> held = new HashSet<>();
    while (held.size() < window
        && ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          identity.apply(record).ifPresent(held::add);
        }
      }
    }
    return held.size();
  }

  /** Ends a poll that is under way; may be called by any thread. */
  void wake() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
