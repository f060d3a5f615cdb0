package dev.turnout.learner.loop;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.TopicTail;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the samples topic, from far enough back that the window is what it would be had all of the
 * log been read. Offsets do not tell how far that is: repeated grades, samples of other encoders
 * and transaction markers take offsets but no room in the window. So the end of the log is counted
 * first. Confined to one thread.
 */
final class SampleLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleLog.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final int window;
  private final long from;
  private final Function<ConsumerRecord<byte[], byte[]>, Optional<?>> identity;
  private final TopicTail<byte[], byte[]> tail;

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
    this.window = window;
    this.from = from;
    this.identity = identity;
    this.tail = new TopicTail<>(Clients.reader(clients), List.of(topic), this::start);
  }

  /** Hands over the samples that come within so long. */
  void poll(Duration timeout, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    tail.poll(timeout, reader);
  }

  /** Whether all samples that existed at the start have been read. */
  boolean caughtUp() {
    return tail.caughtUp();
  }

  private void start(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> first = consumer.beginningOffsets(ends.keySet());
    Map<TopicPartition, Long> complete = new HashMap<>();
    ends.forEach((partition, end) -> complete.put(partition, Math.min(from, end)));
    long back = 2L * window;
    boolean whole = seek(consumer, complete, first, back);
    while (!whole && held(consumer, complete) < window) {
      back *= 2;
      whole = seek(consumer, complete, first, back);
    }
    seek(consumer, complete, first, back);
    LOG.atDebug()
        .setMessage("the end of the samples holds the window")
        .addKeyValue("offsets", back)
        .addKeyValue("window", window)
        .log();
  }

  /** Goes so many offsets back; true when that is the beginning of the log. */
  private static boolean seek(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Long> beginnings,
      long back) {
    boolean whole = true;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long beginning = beginnings.getOrDefault(end.getKey(), 0L);
      consumer.seek(end.getKey(), Math.max(beginning, end.getValue() - back));
      whole &= end.getValue() - back <= beginning;
    }
    return whole;
  }

  /** How many samples a window would hold that is filled from here to the ends. */
  private int held(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
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

  /** A loop's body that reads this log: closing the loop closes it. */
  LoopBody body(LoopBody turn) {
    return tail.body(turn);
  }

  @Override
  public void close() {
    tail.close();
  }
}
