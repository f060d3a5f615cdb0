package dev.turnout.dlq;

import dev.turnout.kafka.CommittedReader;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.TextDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records were replayed, by the marks in front of some place of the dead-letter topic: a part
 * of Turnout that was behind may refuse a record long after the letter of another was replayed.
 *
 * <p>What holds at all times: each record of the topic is read once, however often and from
 * whatever places is asked, and no call takes much longer than it is given; the next goes on from
 * there. The latest {@value #MOST} replays are remembered, each by 64 bits of a digest that nobody
 * can choose. Confined to one thread at a time.
 */
final class EarlierReplays {
  private static final int MOST = 100_000;
  private static final long PART = 5_000;
  private static final int DIGITS = Long.BYTES * 2;
  private static final int HEXADECIMAL = 16;

  private final Map<String, Object> client;
  private final Map<TopicPartition, Long> readTo = new HashMap<>();
  private final Set<Long> replayed = new LinkedHashSet<>();

  EarlierReplays(Map<String, Object> client) {
    this.client = client;
  }

  /**
   * Reads on.
   *
   * @param all what the topic holds
   * @param places offset behind the last record that matters, of each partition
   * @param within for as long
   * @return records in front of these places that are not read yet, at most
   */
  long readTo(CommittedReader.Extent all, Map<TopicPartition, Long> places, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    // a topic that was made anew begins again
    readTo.entrySet().removeIf(at -> at.getValue() > all.ends().getOrDefault(at.getKey(), 0L));
    CommittedReader.Extent left = left(all, places);
    while (left.records() > 0 && System.nanoTime() < end) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      left.beginnings()
          .forEach((at, from) -> ends.put(at, Math.min(from + PART, left(places, at, from))));
      CommittedReader.read(client, new CommittedReader.Extent(left.beginnings(), ends), this::read);
      readTo.putAll(ends);
      left = left(all, places);
    }
    return left.records();
  }

  private CommittedReader.Extent left(
      CommittedReader.Extent all, Map<TopicPartition, Long> places) {
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> to = new HashMap<>();
    all.beginnings()
        .forEach(
            (at, first) -> {
              long begin = Math.max(first, readTo.getOrDefault(at, first));
              from.put(at, begin);
              to.put(at, left(places, at, begin));
            });
    return new CommittedReader.Extent(from, to);
  }

  private static long left(Map<TopicPartition, Long> places, TopicPartition at, long from) {
    return Math.max(from, places.getOrDefault(at, from));
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    DeadLetterMark.of(record)
        .filter(mark -> mark.state() == DeadLetterState.REPLAYED)
        .map(DeadLetterMark::record)
        .ifPresent(
            name -> {
              replayed.add(digest(name));
              if (replayed.size() > MOST) {
                replayed.remove(replayed.iterator().next());
              }
            });
  }

  /** Whether a letter's record was replayed by a mark that was read. */
  boolean have(Letter letter) {
    return !replayed.isEmpty()
        && letter.refused().filter(name -> replayed.contains(digest(name))).isPresent();
  }

  private static long digest(String record) {
    return Long.parseUnsignedLong(TextDigest.of(record).substring(0, DIGITS), HEXADECIMAL);
  }
}
