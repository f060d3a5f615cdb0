package dev.turnout.dlq;

import dev.turnout.kafka.CommittedReader;
import dev.turnout.kafka.RecordAt;
import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the dead-letter topic. It is read twice, first for the marks and then for the letters, so
 * that memory grows with what was dealt with and not with what waits, which may be millions.
 */
public final class DeadLetterTopic {
  private final Map<String, Object> client;
  private final String topic;

  /**
   * @param client settings of Kafka clients
   * @param topic its name
   */
  public DeadLetterTopic(Map<String, Object> client, String topic) {
    this.client = Map.copyOf(client);
    this.topic = topic;
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
    CommittedReader.readAll(
        client,
        topic,
        record -> {
          if (!DeadLetterMark.isMark(record)) {
            Letter letter = new Letter(record, DeadLetterState.WAITING);
            sink.accept(new Letter(record, marks.of(letter)));
          }
        });
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
    LetterMarks marks = marks();
    return RecordAt.read(client, new TopicPartition(topic, position.partition()), position.offset())
        .filter(record -> !DeadLetterMark.isMark(record))
        .map(record -> new Letter(record, DeadLetterState.WAITING))
        .map(letter -> new Letter(letter.record(), marks.of(letter)))
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
