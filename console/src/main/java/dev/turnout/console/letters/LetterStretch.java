package dev.turnout.console.letters;

import static java.util.stream.Collectors.joining;

import dev.turnout.dlq.LetterPosition;
import dev.turnout.kafka.CommittedReader.Extent;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * So many records of the dead-letter topic, in equal parts of its partitions.
 *
 * @param older where the stretch before it ends, e.g. {@code 0:120,1:98}; empty if it is the oldest
 */
record LetterStretch(Extent extent, String older) {

  /**
   * The records before a place.
   *
   * @param before offset behind the last record of each partition; of one that is not named, and of
   *     an empty text, the newest are taken
   * @param all what the topic holds
   * @param records in it at most, at least one of each partition
   * @throws IllegalArgumentException if {@code before} is no place
   */
  static LetterStretch before(String before, Extent all, int records) {
    Map<Integer, Long> ends = new HashMap<>();
    if (!before.isEmpty()) {
      for (String each : before.split(",", -1)) {
        LetterPosition position = LetterPosition.parse(each);
        ends.put(position.partition(), position.offset());
      }
    }
    long part = Math.max(1, records / Math.max(1, all.ends().size()));
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> to = new HashMap<>();
    all.ends()
        .forEach(
            (partition, last) -> {
              long first = all.beginnings().getOrDefault(partition, last);
              long end = Math.min(last, ends.getOrDefault(partition.partition(), last));
              to.put(partition, Math.max(first, end));
              from.put(partition, Math.max(first, end - part));
            });
    boolean more =
        from.entrySet().stream()
            .anyMatch(each -> each.getValue() > all.beginnings().getOrDefault(each.getKey(), 0L));
    return new LetterStretch(
        new Extent(from, to),
        more
            ? from.entrySet().stream()
                .map(each -> each.getKey().partition() + ":" + each.getValue())
                .sorted()
                .collect(joining(","))
            : "");
  }
}
