package dev.turnout.console.recent;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.console.traffic.TrafficListener;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the latest records before the present, so that a console that starts knows them: the latest
 * decisions, and the outcomes and grades written since the first of these.
 */
public final class RecentPast {
  private static final Logger LOG = LoggerFactory.getLogger(RecentPast.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Outcomes or grades of one partition that are read at most, for each wanted decision of it. */
  private static final int MOST_FOR_EACH = 4;

  private RecentPast() {}

  /**
   * Tells a listener of the past; gives up with what it has when that takes long.
   *
   * @param most latest decisions
   */
  public static void read(ConnectionSettings connection, int most, TrafficListener listener) {
    TopicCatalogue topics = connection.topics();
    long deadline = System.nanoTime() + LONGEST.toNanos();
    Map<String, Object> serdes = connection.registry();
    try (Deserializer<RoutingDecision> decisions =
            AvroSerdes.of(RoutingDecision.class, serdes).deserializer();
        Deserializer<Outcome> outcomes = AvroSerdes.of(Outcome.class, serdes).deserializer();
        Deserializer<Grade> grades = AvroSerdes.of(Grade.class, serdes).deserializer()) {
      List<Decided> latest = new ArrayList<>();
      tail(
          connection,
          topics.decisions(),
          (consumer, ends) -> seekBack(consumer, ends, 2L * most / ends.size() + 1),
          deadline,
          record ->
              SkippingDecoder.decode(decisions, record)
                  .ifPresent(each -> latest.add(new Decided(each, record.value().length))));
      latest.sort(Comparator.comparing(each -> each.decision().getDecidedAt()));
      List<Decided> wanted = latest.subList(Math.max(0, latest.size() - most), latest.size());
      if (wanted.isEmpty()) {
        return;
      }
      wanted.forEach(each -> listener.decided(each.decision(), each.bytes()));
      long since = wanted.get(0).decision().getDecidedAt().toEpochMilli();
      TopicTail.Start<byte[], byte[]> start =
          (consumer, ends) -> seekTo(consumer, ends, since, (long) MOST_FOR_EACH * most);
      tail(
          connection,
          topics.outcomes(),
          start,
          deadline,
          record ->
              SkippingDecoder.decode(outcomes, record)
                  .ifPresent(each -> listener.ended(each, record.value().length)));
      tail(
          connection,
          topics.feedback(),
          start,
          deadline,
          record -> SkippingDecoder.decode(grades, record).ifPresent(listener::graded));
    }
  }

  private record Decided(RoutingDecision decision, int bytes) {}

  private interface RecordReader {
    void read(ConsumerRecord<byte[], byte[]> record);
  }

  private static void tail(
      ConnectionSettings connection,
      String topic,
      TopicTail.Start<byte[], byte[]> start,
      long deadline,
      RecordReader reader) {
    try (TopicTail<byte[], byte[]> tail =
        new TopicTail<>(Clients.reader(connection.kafka()), List.of(topic), start)) {
      tail.begin();
      while (!tail.caughtUp()) {
        if (System.nanoTime() > deadline) {
          LOG.atWarn()
              .setMessage("the past takes long to read; the console begins with a part of it")
              .addKeyValue("topic", topic)
              .log();
          return;
        }
        tail.poll(POLL, reader::read);
      }
    }
  }

  private static void seekBack(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, long most) {
    Map<TopicPartition, Long> firsts = consumer.beginningOffsets(ends.keySet());
    ends.forEach(
        (partition, end) ->
            consumer.seek(partition, Math.max(firsts.getOrDefault(partition, 0L), end - most)));
  }

  private static void seekTo(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, long since, long most) {
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, since));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    ends.forEach(
        (partition, end) -> {
          OffsetAndTimestamp first = found.get(partition);
          consumer.seek(partition, first == null ? end : Math.max(first.offset(), end - most));
        });
  }
}
