package dev.turnout.backlog;

import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a group of workers is, by partition.
 *
 * @param group its name
 * @param next offset of the first request that is not done
 * @param outOfTurn requests behind that one that are done, as its members say in their commits
 * @param left requests that are not done, where the broker counts them itself
 */
record GroupOffsets(
    String group,
    Map<TopicPartition, Long> next,
    Map<TopicPartition, Long> outOfTurn,
    Map<TopicPartition, Long> left) {

  /** Freezes the maps. */
  GroupOffsets {
    next = Map.copyOf(next);
    outOfTurn = Map.copyOf(outOfTurn);
    left = Map.copyOf(left);
  }

  /** Of a group that never was. */
  static GroupOffsets none(String group) {
    return new GroupOffsets(group, Map.of(), Map.of(), Map.of());
  }

  /** Whether the group has ever worked on any of these. */
  boolean knows(Iterable<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      if (next.containsKey(partition)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Requests that are not done. A group that never worked on a partition begins with its oldest.
   *
   * @param oldest offset of the oldest record
   * @param end offset of the record to come
   */
  long backlog(TopicPartition partition, OptionalLong oldest, long end) {
    Long counted = left.get(partition);
    if (counted != null) {
      return Math.max(0, counted);
    }
    long from = Math.max(next.getOrDefault(partition, 0L), oldest.orElse(0));
    return Math.max(0, end - from - outOfTurn.getOrDefault(partition, 0L));
  }
}
