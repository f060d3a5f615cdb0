package dev.turnout.connect.sink;

import dev.turnout.connect.rows.RowFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * The name of a finished file, which says what is in it.
 *
 * @param from offset of the first record that the file speaks for
 * @param to offset of the last one
 */
record RowFileName(TopicPartition partition, long from, long to, RowFormat format) {

  // a topic's name may have digits and hyphens itself: the three numbers at the end count
  private static final Pattern NAME =
      Pattern.compile("(.+)-(\\d{5,10})-(\\d{20})-(\\d{20})\\.(.+)");

  String text() {
    return "%s-%05d-%020d-%020d.%s"
        .formatted(partition.topic(), partition.partition(), from, to, format.extension());
  }

  /** Where a partition's rows are written before they are finished. */
  static String unfinished(TopicPartition partition) {
    return ".%s-%05d.unfinished".formatted(partition.topic(), partition.partition());
  }

  /** What shows that a partition's rows are being written by somebody. */
  static String lock(TopicPartition partition) {
    return ".%s-%05d.lock".formatted(partition.topic(), partition.partition());
  }

  /** The offset behind a file of a partition; empty for any other file. */
  static Optional<Long> end(String name, TopicPartition partition, RowFormat format) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
            && parts.group(1).equals(partition.topic())
            && Integer.parseInt(parts.group(2)) == partition.partition()
            && parts.group(5).equals(format.extension())
        ? Optional.of(Long.parseLong(parts.group(4)) + 1)
        : Optional.empty();
  }
}
