package dev.turnout.connect.sink;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition of decisions that is being joined.
 *
 * @param files where its rows go
 * @param waiting decisions without a row, in the order of their offsets
 * @param sources of the rows in the unfinished file: the first offset of each partition that
 *     something in them came from
 */
record OpenDecisions(
    PartitionFiles files, Deque<WaitingDecision> waiting, Map<TopicPartition, Long> sources) {

  OpenDecisions(PartitionFiles files) {
    this(files, new ArrayDeque<>(), new HashMap<>());
  }
}
