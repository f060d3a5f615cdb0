package dev.turnout.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Says on the dead-letter topic what became of a dead letter. Whoever reads dead letters skips the
 * marks among them ({@link #isMark}).
 *
 * <p>A mark stands in the partition of its letter and behind it, so that retention never deletes
 * the mark of a letter that is still there. Every dead letter has a reason and no mark has one: the
 * headers of a refused record, which its producer chose, cannot pass for a mark.
 *
 * @param partition of the dead letter
 * @param offset of the dead letter
 * @param state what became of it; never WAITING
 * @param record which record the letter is of, see {@link #record}; null if that is not known
 */
public record DeadLetterMark(
    int partition, long offset, DeadLetterState state, @Nullable String record) {

  /** Header of a mark: the state of the dead letter. */
  public static final String STATE = "turnout.dlq.state";

  /** Header of a mark: the refused record, since several may have refused the same. */
  public static final String RECORD = "turnout.dlq.record";

  /** Header of a replayed record, and of the dead letters it ends in: how often it was replayed. */
  public static final String REPLAYS = "turnout.dlq.replays";

  /** What all names of the headers of dead letters and marks begin with. */
  public static final String PREFIX = "turnout.dlq.";

  /** Refuses a mark that marks nothing. */
  public DeadLetterMark {
    if (state == DeadLetterState.WAITING) {
      throw new IllegalArgumentException("a dead letter that waits has no mark");
    }
  }

  /** Whether a record of the dead-letter topic is a mark and no dead letter. */
  public static boolean isMark(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    return headers.lastHeader(STATE) != null && headers.lastHeader(DeadLetters.REASON) == null;
  }

  /** The mark that a record holds; empty if it holds none, or one that nobody can read. */
  public static Optional<DeadLetterMark> of(ConsumerRecord<byte[], byte[]> record) {
    if (!isMark(record) || record.key() == null) {
      return Optional.empty();
    }
    try {
      String[] position = new String(record.key(), StandardCharsets.UTF_8).split(":", -1);
      return Optional.of(
          new DeadLetterMark(
              Integer.parseInt(position[0]),
              Long.parseLong(position[1]),
              DeadLetterState.valueOf(text(record.headers(), STATE)),
              record.headers().lastHeader(RECORD) == null ? null : text(record.headers(), RECORD)));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException foreign) {
      return Optional.empty();
    }
  }

  /**
   * Names a refused record, the same in every dead letter of it.
   *
   * @param digest of its value, so that a topic made anew under the old name has other records
   */
  public static String record(String topic, int partition, long offset, String digest) {
    return topic + ":" + partition + ":" + offset + ":" + digest;
  }

  /**
   * For a producer.
   *
   * @param dlq name of the dead-letter topic
   */
  public ProducerRecord<byte[], byte[]> on(String dlq) {
    Headers headers = new RecordHeaders();
    headers.add(STATE, bytes(state.name()));
    if (record != null) {
      headers.add(RECORD, bytes(record));
    }
    return new ProducerRecord<>(dlq, partition, bytes(partition + ":" + offset), null, headers);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Headers headers, String key) {
    Header header = headers.lastHeader(key);
    return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
