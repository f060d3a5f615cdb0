package dev.turnout.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One record of which the place is known. */
public final class RecordAt {
  private static final Duration POLL = Duration.ofMillis(200);

  private RecordAt() {}

  /** Reads the committed record at an offset; empty if there is none, or none any more. */
  public static Optional<ConsumerRecord<byte[], byte[]>> read(
      Map<String, Object> client, TopicPartition partition, long offset) {
    try (Consumer<byte[], byte[]> consumer = CommittedReader.open(client)) {
      if (consumer.partitionsFor(partition.topic()).stream()
          .noneMatch(info -> info.partition() == partition.partition())) {
        return Optional.empty();
      }
      List<TopicPartition> only = List.of(partition);
      consumer.assign(only);
      long first = consumer.beginningOffsets(only).getOrDefault(partition, 0L);
      long end = consumer.endOffsets(only).getOrDefault(partition, 0L);
      if (offset < first || offset >= end) {
        return Optional.empty();
      }
      consumer.seek(partition, offset);
      while (consumer.position(partition) <= offset) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          // compaction and aborted transactions leave gaps
          return record.offset() == offset ? Optional.of(record) : Optional.empty();
        }
      }
      return Optional.empty();
    }
  }
}
