package dev.turnout.app.quickstart.view;

import dev.turnout.schema.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Queries on their topic, whoever published them, that have neither a decision nor a dead letter.
 * The topics are read side by side, so what settles a query may be seen before the query; it then
 * waits for it. Confined to one thread.
 */
public final class OpenQueries {
  private final Deserializer<Query> queries;
  private final Map<String, Open> byPlace = new LinkedHashMap<>();
  private final Map<String, Deque<String>> placesById = new HashMap<>();
  private final Map<String, Integer> decidedAhead = new HashMap<>();
  private final Set<String> refusedAhead = new HashSet<>();

  private record Open(String id, long since) {}

  public OpenQueries(Deserializer<Query> queries) {
    this.queries = queries;
  }

  /** A query was published. */
  public void published(ConsumerRecord<byte[], byte[]> record) {
    String place = place(record.partition(), record.offset());
    if (refusedAhead.remove(place)) {
      return;
    }
    String id = id(record);
    if (decidedAhead.computeIfPresent(id, (each, count) -> count - 1) == null) {
      byPlace.put(place, new Open(id, record.timestamp()));
      placesById.computeIfAbsent(id, each -> new ArrayDeque<>()).addLast(place);
    } else {
      decidedAhead.remove(id, 0);
    }
  }

  /** A query was decided. */
  public void decided(String id) {
    Deque<String> places = placesById.get(id);
    if (places == null) {
      decidedAhead.merge(id, 1, Integer::sum);
      return;
    }
    byPlace.remove(places.removeFirst());
    if (places.isEmpty()) {
      placesById.remove(id);
    }
  }

  /** The query that stood there was dead-lettered. */
  public void refused(int partition, long offset) {
    String place = place(partition, offset);
    Open open = byPlace.remove(place);
    if (open == null) {
      refusedAhead.add(place);
      return;
    }
    placesById.computeIfPresent(
        open.id(),
        (id, places) -> {
          places.remove(place);
          return places.isEmpty() ? null : places;
        });
  }

  public int count() {
    return byPlace.size();
  }

  /** How long the one waits that was published first, in milliseconds; 0 if none does. */
  public long oldestMillis(long now) {
    return byPlace.values().stream().findFirst().map(open -> now - open.since()).orElse(0L);
  }

  /** The id in the query, which the decision will have; the key is the producer's own. */
  private String id(ConsumerRecord<byte[], byte[]> record) {
    try {
      Query query = queries.deserialize(record.topic(), record.value());
      if (query != null) {
        return query.getId();
      }
    } catch (KafkaException unreadable) {
      // the router will refuse it by its place
    }
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  private static String place(int partition, long offset) {
    return partition + ":" + offset;
  }
}
