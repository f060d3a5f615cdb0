package dev.turnout.learner;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the samples topic, from far enough back that the window is what it would be had all of the
 * log been read. Confined to one thread, except {@link #wake}.
 */
final class SampleLog implements AutoCloseable {
  private final String topic;
  private final long tail;
  private final long from;
  private final Consumer<byte[], byte[]> consumer;
  private Map<TopicPartition, Long> ends = Map.of();
  private final Set<TopicPartition> behind = new HashSet<>();

  /**
   * @param window samples held by the reader
   * @param from offset whose window must be complete too; {@link Long#MAX_VALUE} for none
   */
  SampleLog(String topic, int window, long from, Map<String, Object> clients) {
    this.topic = topic;
    // repeated grades take room in the log but not in the window, hence twice its size
    this.tail = 2L * window;
    this.from = from;
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
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, first) -> {
              long end = Math.min(from, last.getOrDefault(partition, 0L));
              consumer.seek(partition, Math.max(first, end - tail));
            });
    behind.addAll(partitions);
    ends = last;
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
