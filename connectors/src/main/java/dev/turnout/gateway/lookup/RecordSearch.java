package dev.turnout.gateway.lookup;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Searches a topic for the latest record of a key, in a span of bounded time, number and bytes.
 * Confined to one thread at a time.
 *
 * <p>Where a record lies follows from its key: in the partition that Kafka's default partitioner
 * gives it. Only when it is not there are the others searched, since the record may be older than
 * partitions that were added. Where in a partition it lies follows from a time that is known: the
 * brokers keep an index of offsets by time.
 */
final class RecordSearch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** How much is read on after a match, for a later one. */
  private static final int AFTER_MATCH = 2_000;

  private final Consumer<byte[], byte[]> consumer;

  /**
   * Where a search begins.
   *
   * @param since what was written before is not found
   * @param known whether the record was written about then: it is searched for from there on. If
   *     not, and there is more since then than the limits allow, what is newest is searched
   */
  record Start(Instant since, boolean known) {}

  /**
   * How far a search goes; whatever is reached first ends it.
   *
   * @param records that are looked at
   * @param bytes of their keys and values
   * @param time that it takes
   */
  record Limits(long records, long bytes, Duration time) {}

  /**
   * What was found.
   *
   * @param bytes as large as it was on its topic
   */
  record Match<T>(T value, int bytes) {}

  /**
   * @param consumer closed with this search
   */
  RecordSearch(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * The latest record of a key.
   *
   * @param reader makes the value of a record of this key; empty passes over it
   * @throws TimeoutException if the time was up before the search was done
   */
  <T> Optional<Match<T>> latest(
      String topic,
      String key,
      Start start,
      Limits limits,
      Function<ConsumerRecord<byte[], byte[]>, Optional<T>> reader)
      throws TimeoutException {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    Span span = new Span(limits);
    List<TopicPartition> partitions = partitions(topic, bytes, limits.time());
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, limits.time());
    Map<TopicPartition, OffsetAndTimestamp> starts =
        starts(partitions, start.since(), limits.time());
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp earliest = starts.get(partition);
      if (earliest == null || span.isExhausted()) {
        continue;
      }
      long end = ends.getOrDefault(partition, 0L);
      long first =
          start.known() ? earliest.offset() : Math.max(earliest.offset(), end - span.records());
      Match<T> match = scan(partition, first, end, bytes, span, reader);
      if (match != null) {
        return Optional.of(match);
      }
    }
    return Optional.empty();
  }

  private <T> @Nullable Match<T> scan(
      TopicPartition partition,
      long first,
      long end,
      byte[] key,
      Span span,
      Function<ConsumerRecord<byte[], byte[]>, Optional<T>> reader)
      throws TimeoutException {
    consumer.assign(List.of(partition));
    consumer.seek(partition, first);
    Match<T> latest = null;
    long matchedAt = Long.MAX_VALUE;
    while (consumer.position(partition) < end
        && !span.isExhausted()
        && consumer.position(partition) - matchedAt < AFTER_MATCH) {
      if (span.isLate()) {
        throw new TimeoutException(
            "searching topic " + partition.topic() + " takes longer than " + span.limits.time());
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        span.take(record);
        if (record.offset() < end && Arrays.equals(record.key(), key)) {
          Optional<T> value = reader.apply(record);
          if (value.isPresent()) {
            int size = record.serializedKeySize() + Math.max(0, record.serializedValueSize());
            latest = new Match<>(value.get(), size);
            matchedAt = record.offset();
          }
        }
      }
    }
    return latest;
  }

  /** All partitions, that of the key first. */
  private List<TopicPartition> partitions(String topic, byte[] key, Duration within) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, within);
    if (found == null || found.isEmpty()) {
      throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
    }
    int own = Utils.toPositive(Utils.murmur2(key)) % found.size();
    List<TopicPartition> partitions = new ArrayList<>(found.size());
    for (PartitionInfo info : found) {
      partitions.add(
          info.partition() == own ? 0 : partitions.size(),
          new TopicPartition(topic, info.partition()));
    }
    return partitions;
  }

  private Map<TopicPartition, OffsetAndTimestamp> starts(
      List<TopicPartition> partitions, Instant since, Duration within) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
    return consumer.offsetsForTimes(times, within);
  }

  /** What is left of the limits of one search. */
  private static final class Span {
    private final Limits limits;
    private final long deadline;
    private long records;
    private long bytes;

    Span(Limits limits) {
      this.limits = limits;
      this.records = limits.records();
      this.bytes = limits.bytes();
      this.deadline = System.nanoTime() + limits.time().toNanos();
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      records--;
      bytes -= Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    long records() {
      return records;
    }

    boolean isExhausted() {
      return records <= 0 || bytes <= 0;
    }

    boolean isLate() {
      return System.nanoTime() - deadline > 0;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
