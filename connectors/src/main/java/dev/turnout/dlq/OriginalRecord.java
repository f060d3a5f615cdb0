package dev.turnout.dlq;

import dev.turnout.kafka.RecordAt;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The record that a dead letter refers to. */
public final class OriginalRecord {
  private OriginalRecord() {}

  /** Reads it where it was; empty if it is gone or another record stands there. */
  public static Optional<ConsumerRecord<byte[], byte[]>> find(
      Map<String, Object> client, Letter letter) {
    return letter
        .origin()
        .flatMap(
            at ->
                RecordAt.read(client, new TopicPartition(at.topic(), at.partition()), at.offset()))
        .filter(record -> Letter.digest(record.value()).equals(letter.digest()));
  }

  /** What to tell of one that is gone. */
  public static String gone(Letter letter) {
    return "the letter leaves out its "
        + String.join(" and ", letter.omitted().stream().sorted().toList())
        + ", and the record is gone from "
        + letter.origin().map(Letter.Origin::toString).orElse(letter.topic())
        + "; its producer must send it again";
  }
}
