package dev.turnout.app.quickstart;

import dev.turnout.app.kafka.CommittedReader;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What became of the published queries, counted at the end by reading the topics anew from their
 * first record with read_committed.
 *
 * @param routed published queries with at least one committed decision
 * @param lost published queries with neither a decision nor a dead letter
 * @param duplicated committed decisions beyond the first of the same query
 * @param deadLettered records in the dead-letter topic
 */
record CommittedTally(long routed, long lost, long duplicated, long deadLettered) {

  /**
   * Counts.
   *
   * @param published how many queries of the run were published: positions 0 to this, exclusive
   */
  static CommittedTally count(
      TopicCatalogue topics, Map<String, Object> client, StreamIds ids, int published) {
    Set<String> seen = new HashSet<>();
    BitSet settled = new BitSet();
    long[] counts = new long[3];
    CommittedReader.readAll(
        client,
        topics.decisions(),
        record -> {
          if (record.key() == null) {
            return; // no router's: they key decisions by the query's id
          }
          String id = new String(record.key(), StandardCharsets.UTF_8);
          if (!seen.add(id)) {
            counts[0]++;
            return;
          }
          ids.position(id)
              .ifPresent(
                  position -> {
                    settled.set(position);
                    counts[1]++;
                  });
        });
    CommittedReader.readAll(
        client,
        topics.dlq(),
        record -> {
          counts[2]++;
          if (record.key() != null) {
            ids.position(new String(record.key(), StandardCharsets.UTF_8)).ifPresent(settled::set);
          }
        });
    long lost = (long) published - settled.get(0, Math.max(1, published)).cardinality();
    return new CommittedTally(counts[1], lost, counts[0], counts[2]);
  }
}
