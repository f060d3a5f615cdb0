package dev.turnout.dlq;

import dev.turnout.kafka.CommittedReader;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the dead-letter topic. It is read twice, first for the marks and then for the letters, so
 * that memory grows with what was dealt with and not with what waits, which may be millions. Used
 * by one thread at a time.
 */
public final class DeadLetterTopic {
  /** For the marks before a letter that somebody waits for. */
  public static final Duration EARLIER = Duration.ofSeconds(2);

  private final Map<String, Object> client;
  private final String topic;
  private final EarlierReplays earlier;

  /**
   * @param client settings of Kafka clients
   * @param topic its name
   */
  public DeadLetterTopic(Map<String, Object> client, String topic) {
    this.client = Map.copyOf(client);
    this.topic = topic;
    this.earlier = new EarlierReplays(this.client);
  }

  public String name() {
    return topic;
  }

  /** Hands over every committed letter there is, oldest first in its partition. */
  public void read(Consumer<Letter> sink) {
    read(marks(), sink);
  }

  /** The same with marks that grow while it reads. */
  void read(LetterMarks marks, Consumer<Letter> sink) {
    CommittedReader.readAll(client, topic, record -> read(record, marks, sink));
  }

  private static void read(
      ConsumerRecord<byte[], byte[]> record, LetterMarks marks, Consumer<Letter> sink) {
    if (!DeadLetterMark.isMark(record)) {
      Letter letter = new Letter(record, DeadLetterState.WAITING);
      sink.accept(new Letter(record, marks.of(letter)));
    }
  }

  /** What the topic holds now. */
  public CommittedReader.Extent extent() {
    return CommittedReader.extent(client, topic, Instant.EPOCH);
  }

  /**
   * Hands over the committed letters of a stretch of the topic, oldest first in its partition.
   * Marks are looked for from there to the end, and those alone are held that concern these
   * letters: memory grows with the stretch, time with how far back it is. What was replayed by way
   * of an older letter stands in marks before the stretch; they are read once, and remembered, as
   * {@link EarlierReplays} says.
   *
   * @param within for the marks before the stretch
   * @return records before the stretch that there was no time for; what was replayed by marks among
   *     them counts as waiting
   */
  public long read(CommittedReader.Extent stretch, Duration within, Consumer<Letter> sink) {
    CommittedReader.Extent all = extent();
    Map<TopicPartition, Long> ends = new HashMap<>(all.ends());
    ends.keySet().retainAll(stretch.ends().keySet());
    LetterMarks marks = new LetterMarks();
    Set<LetterPosition> positions = new HashSet<>();
    Set<String> refused = new HashSet<>();
    CommittedReader.read(
        client,
        new CommittedReader.Extent(stretch.beginnings(), ends),
        record -> {
          boolean inside = record.offset() < end(stretch, record.partition());
          if (inside && !DeadLetterMark.isMark(record)) {
            Letter letter = new Letter(record, DeadLetterState.WAITING);
            positions.add(letter.position());
            letter.refused().ifPresent(refused::add);
          }
          DeadLetterMark.of(record)
              .filter(mark -> inside || concerns(mark, positions, refused))
              .ifPresent(marks::add);
        });
    Map<TopicPartition, Long> places = new HashMap<>(all.ends());
    places.putAll(stretch.beginnings());
    long unread = refused.isEmpty() ? 0 : earlier.readTo(all, places, within);
    CommittedReader.read(
        client, stretch, record -> read(record, marks, letter -> sink.accept(known(letter))));
    return unread;
  }

  private Letter known(Letter letter) {
    return letter.state() == DeadLetterState.WAITING && earlier.have(letter)
        ? new Letter(letter.record(), DeadLetterState.REPLAYED)
        : letter;
  }

  private long end(CommittedReader.Extent stretch, int partition) {
    return stretch.ends().getOrDefault(new TopicPartition(topic, partition), 0L);
  }

  private static boolean concerns(
      DeadLetterMark mark, Set<LetterPosition> positions, Set<String> refused) {
    String record = mark.record();
    return positions.contains(new LetterPosition(mark.partition(), mark.offset()))
        || (record != null && refused.contains(record));
  }

  LetterMarks marks() {
    LetterMarks marks = new LetterMarks();
    CommittedReader.readAll(
        client, topic, record -> DeadLetterMark.of(record).ifPresent(marks::add));
    return marks;
  }

  /**
   * One letter.
   *
   * @throws DeadLetterFailureException if there is none
   */
  public Letter at(LetterPosition position) {
    TopicPartition partition = new TopicPartition(topic, position.partition());
    CommittedReader.Extent all = extent();
    List<Letter> found = new ArrayList<>();
    if (position.offset() >= all.beginnings().getOrDefault(partition, Long.MAX_VALUE)
        && position.offset() < all.ends().getOrDefault(partition, 0L)) {
      long unusedUnread =
          read(
              new CommittedReader.Extent(
                  Map.of(partition, position.offset()), Map.of(partition, position.offset() + 1)),
              EARLIER,
              found::add);
    }
    return found.stream()
        .findFirst()
        .orElseThrow(
            () ->
                new DeadLetterFailureException(
                    "there is no dead letter at "
                        + position
                        + " of "
                        + topic
                        + "; turnout dlq list --state all prints those there are"));
  }
}
