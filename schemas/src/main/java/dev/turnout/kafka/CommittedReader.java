package dev.turnout.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads what transactions have committed, and nothing else, without joining a group. */
public final class CommittedReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private CommittedReader() {}

  /** A consumer for a tail that is to see records as soon as they are there. */
  public static org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> open(
      Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    return Clients.reader(settings);
  }

  /** Reads a topic from its first record to what is committed now. */
  public static void readAll(
      Map<String, Object> client, String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (TopicTail<byte[], byte[]> tail = TopicTail.fromBeginning(open(client), List.of(topic))) {
      tail.begin();
      while (!tail.caughtUp()) {
        tail.poll(POLL, sink);
      }
    }
  }

  /**
   * A stretch of a topic, from a moment to what is committed now.
   *
   * @param beginnings first offset of each partition
   * @param ends offset behind the last of each
   */
  public record Extent(Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {
    public Extent {
      beginnings = Map.copyOf(beginnings);
      ends = Map.copyOf(ends);
    }

    /** Most records that it may hold. */
    public long records() {
      return ends.entrySet().stream()
          .mapToLong(end -> end.getValue() - beginnings.getOrDefault(end.getKey(), end.getValue()))
          .sum();
    }
  }

  /** What a topic holds from a moment on, by the records' timestamps. */
  public static Extent extent(Map<String, Object> client, String topic, Instant from) {
    try (var consumer = open(client)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> asked = new HashMap<>();
      ends.keySet().forEach(partition -> asked.put(partition, from.toEpochMilli()));
      Map<TopicPartition, Long> beginnings = new HashMap<>(ends);
      consumer
          .offsetsForTimes(asked)
          .forEach(
              (partition, found) -> {
                if (found != null) {
                  beginnings.put(partition, found.offset());
                }
              });
      return new Extent(beginnings, ends);
    }
  }

  /** Reads a stretch of a topic. */
  public static void read(
      Map<String, Object> client, Extent extent, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    Map<TopicPartition, Long> left = new HashMap<>(extent.ends());
    left.entrySet()
        .removeIf(end -> extent.beginnings().getOrDefault(end.getKey(), 0L) >= end.getValue());
    try (var consumer = open(client)) {
      consumer.assign(left.keySet());
      left.keySet()
          .forEach(each -> consumer.seek(each, extent.beginnings().getOrDefault(each, 0L)));
      while (!left.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < extent.ends().getOrDefault(partition, 0L)) {
            sink.accept(record);
          }
        }
        // a position passes the markers of transactions too, which are no records
        left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      }
    }
  }
}
