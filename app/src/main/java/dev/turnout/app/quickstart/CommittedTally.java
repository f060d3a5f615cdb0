package dev.turnout.app.quickstart;

import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.app.quickstart.view.OpenQueries;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.kafka.CommittedReader;
import dev.turnout.schema.Query;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of the published queries, counted at the end by reading the topics anew from their
 * first record with read_committed.
 *
 * @param routed published queries with at least one committed decision
 * @param lost published queries with neither a decision nor a dead letter
 * @param duplicated committed decisions beyond the first of the same query
 * @param deadLettered dead letters by reason
 * @param waiting queries on their topic, whoever published them, with neither a decision nor a dead
 *     letter
 */
record CommittedTally(
    long routed, long lost, long duplicated, Map<String, Long> deadLettered, long waiting) {

  /**
   * Counts.
   *
   * @param published how many queries of the run were published: positions 0 to this, exclusive
   */
  static CommittedTally count(
      TopicCatalogue topics,
      Map<String, Object> client,
      Map<String, ?> serde,
      StreamIds ids,
      int published) {
    OpenQueries open = new OpenQueries(AvroSerdes.of(Query.class, serde).deserializer());
    CommittedReader.readAll(client, topics.queries(), open::published);
    Set<String> seen = new HashSet<>();
    BitSet settled = new BitSet();
    Map<String, Long> deadLettered = new TreeMap<>();
    long[] counts = new long[2];
    CommittedReader.readAll(
        client,
        topics.decisions(),
        record -> {
          if (record.key() == null) {
            return; // no router's: they key decisions by the query's id
          }
          String id = new String(record.key(), StandardCharsets.UTF_8);
          open.decided(id);
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
    new DeadLetterTopic(client, topics.dlq())
        .read(
            letter -> {
              deadLettered.merge(letter.reason(), 1L, Long::sum);
              byte[] key = letter.record().key();
              // a refused grade says nothing of its query
              if (letter.topic().equals(topics.queries())) {
                letter.origin().ifPresent(at -> open.refused(at.partition(), at.offset()));
                ids.position(key == null ? "" : new String(key, StandardCharsets.UTF_8))
                    .ifPresent(settled::set);
              }
            });
    long lost = (long) published - settled.get(0, Math.max(1, published)).cardinality();
    return new CommittedTally(counts[1], lost, counts[0], deadLettered, open.count());
  }
}
