package dev.turnout.connect.sink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Outcomes and grades for no decision that waits, in the order they came. */
final class EarlyRecords {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyRecords.class);

  private final Deque<SideRecord> order = new ArrayDeque<>();
  private final Map<String, List<SideRecord>> byQuery = new HashMap<>();
  private long bytes;

  void add(SideRecord record) {
    order.add(record);
    byQuery.computeIfAbsent(record.query(), query -> new ArrayList<>(1)).add(record);
    bytes += record.bytes();
  }

  /** What has come for a query, which is not early any more. */
  List<SideRecord> take(String query) {
    List<SideRecord> found = byQuery.remove(query);
    if (found == null) {
      return List.of();
    }
    found.forEach(record -> bytes -= record.bytes());
    return found;
  }

  long bytes() {
    return bytes;
  }

  /** Gives up what was read before a moment. */
  void expire(long before) {
    long given = 0;
    SideRecord oldest = order.peek();
    while (oldest != null && (isTaken(oldest) || oldest.readAt() < before)) {
      given += giveUp(order.remove());
      oldest = order.peek();
    }
    tell(given);
  }

  /** Gives up the oldest until no more bytes are left than these. */
  void shrink(long most) {
    long given = 0;
    while (bytes > most && !order.isEmpty()) {
      given += giveUp(order.remove());
    }
    tell(given);
  }

  private boolean isTaken(SideRecord record) {
    List<SideRecord> known = byQuery.get(record.query());
    return known == null || !known.contains(record);
  }

  private int giveUp(SideRecord record) {
    List<SideRecord> known = byQuery.get(record.query());
    if (known == null || !known.remove(record)) {
      return 0;
    }
    if (known.isEmpty()) {
      byQuery.remove(record.query());
    }
    bytes -= record.bytes();
    return 1;
  }

  private static void tell(long given) {
    if (given > 0) {
      LOG.atInfo()
          .addKeyValue("records", given)
          .log(
              "outcomes and grades came for no decision that waits: too late for their row, or"
                  + " their decision is not on the topic any more; raise join.wait.ms if it is many");
    }
  }

  /** The first offset of each partition that is kept. */
  Map<TopicPartition, Long> first() {
    Map<TopicPartition, Long> first = new HashMap<>();
    byQuery
        .values()
        .forEach(
            records ->
                records.forEach(each -> first.merge(each.partition(), each.offset(), Math::min)));
    return first;
  }

  /** Forgets what came from a partition. */
  void forget(TopicPartition partition) {
    order.removeIf(
        record -> {
          boolean from = record.partition().equals(partition);
          if (from) {
            giveUp(record);
          }
          return from;
        });
  }
}
