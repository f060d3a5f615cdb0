package dev.turnout.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads topics without a group: every reader sees every record. Confined to one thread, except
 * {@link #wakeUp}.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Every record from the start on is handed over in its partition's order, and again only when
 *       the reader threw on it: a reader that fails gets the same record next, since the tail seeks
 *       back to it. So a failure in the midst of a poll loses nothing of that poll.
 *   <li>Partitions that are added while the tail reads are read from their beginning, wherever the
 *       tail started: all they hold was written after that. They are noticed when the consumer's
 *       metadata is refreshed ({@code metadata.max.age.ms}); looking for them there costs no call.
 *   <li>{@link #caughtUp} speaks of the records that existed when the tail began; it stays true
 *       once it was.
 *   <li>A beginning that fails half-way, for a topic that is missing or a broker that is away, is
 *       made anew as a whole by the next poll.
 * </ul>
 */
public final class TopicTail<K, V> implements AutoCloseable {
  private final Consumer<K, V> consumer;
  private final Collection<String> topics;
  private final Predicate<TopicPartition> wanted;
  private final Start<K, V> start;
  private final Set<TopicPartition> known = new HashSet<>();
  private final Map<TopicPartition, Long> behind = new HashMap<>();

  /** Where a tail starts; called on the tail's thread, with the partitions assigned. */
  @FunctionalInterface
  public interface Start<K, V> {
    /**
     * Seeks to where reading starts.
     *
     * @param ends of every partition: the offset behind the last committed record
     */
    void seek(Consumer<K, V> consumer, Map<TopicPartition, Long> ends);
  }

  /**
   * @param consumer closed with the tail
   * @param topics topics to read; they must exist when the tail begins
   */
  public TopicTail(Consumer<K, V> consumer, Collection<String> topics, Start<K, V> start) {
    this(consumer, topics, partition -> true, start);
  }

  private TopicTail(
      Consumer<K, V> consumer,
      Collection<String> topics,
      Predicate<TopicPartition> wanted,
      Start<K, V> start) {
    this.consumer = consumer;
    this.topics = List.copyOf(topics);
    this.wanted = wanted;
    this.start = start;
  }

  /** Reads all that is there, and what comes. */
  public static <K, V> TopicTail<K, V> fromBeginning(
      Consumer<K, V> consumer, Collection<String> topics) {
    return new TopicTail<>(consumer, topics, (each, ends) -> each.seekToBeginning(ends.keySet()));
  }

  /** Reads what comes after {@link #begin}. */
  public static <K, V> TopicTail<K, V> fromEnd(Consumer<K, V> consumer, Collection<String> topics) {
    return new TopicTail<>(consumer, topics, (each, ends) -> ends.forEach(each::seek));
  }

  /**
   * Reads what comes to some partitions of a topic after {@link #begin}.
   *
   * @param wanted called on the tail's thread; accepts at least one partition that exists
   */
  public static <K, V> TopicTail<K, V> fromEnd(
      Consumer<K, V> consumer, String topic, Predicate<TopicPartition> wanted) {
    return new TopicTail<>(
        consumer, List.of(topic), wanted, (each, ends) -> ends.forEach(each::seek));
  }

  /**
   * Takes the partitions and goes to the start; the first poll does it otherwise. Afterwards no
   * record that is written later can be missed.
   *
   * @throws UnknownTopicOrPartitionException naming a topic that does not exist
   */
  public void begin() {
    List<TopicPartition> partitions = partitions();
    for (String topic : topics) {
      if (partitions.stream().noneMatch(partition -> partition.topic().equals(topic))) {
        throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
      }
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    start.seek(consumer, ends);
    behind.putAll(ends);
    known.addAll(partitions);
  }

  /**
   * Hands over the records that come within so long.
   *
   * @param reader whatever it throws comes out of here; the record that it threw on comes again
   */
  public void poll(Duration within, java.util.function.Consumer<ConsumerRecord<K, V>> reader) {
    if (known.isEmpty()) {
      begin();
    } else {
      takeAdded();
    }
    ConsumerRecords<K, V> records = consumer.poll(within);
    int read = 0;
    try {
      for (ConsumerRecord<K, V> record : records) {
        reader.accept(record);
        read++;
      }
    } catch (Throwable failure) {
      seekBack(records, read);
      throw failure;
    }
  }

  /** Whether every record that existed at the beginning has been handed over. */
  public boolean caughtUp() {
    behind.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    return !known.isEmpty() && behind.isEmpty();
  }

  /** Offset of the next record of a partition to be handed over; -1 if the tail has none of it. */
  public long position(TopicPartition partition) {
    return known.contains(partition) ? consumer.position(partition) : -1;
  }

  private List<TopicPartition> partitions() {
    return topics.stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .filter(wanted)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void takeAdded() {
    List<TopicPartition> added = partitions();
    added.removeAll(known);
    if (!added.isEmpty()) {
      Set<TopicPartition> all = new HashSet<>(known);
      all.addAll(added);
      consumer.assign(all);
      consumer.seekToBeginning(added);
      known.addAll(added);
    }
  }

  private void seekBack(ConsumerRecords<K, V> records, int read) {
    Set<TopicPartition> sought = new HashSet<>();
    int position = 0;
    for (ConsumerRecord<K, V> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (position++ >= read && sought.add(partition)) {
        consumer.seek(partition, record.offset());
      }
    }
  }

  /** A loop's body that reads this tail: closing the loop wakes the tail and closes it. */
  public LoopBody body(LoopBody turn) {
    return new LoopBody() {
      @Override
      public void turn() throws Exception {
        turn.turn();
      }

      @Override
      public void wakeUp() {
        TopicTail.this.wakeUp();
      }

      @Override
      public void close() {
        TopicTail.this.close();
      }
    };
  }

  /** Ends a poll that is under way with a WakeupException; may be called by any thread. */
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
