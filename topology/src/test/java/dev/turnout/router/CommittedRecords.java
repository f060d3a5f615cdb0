package dev.turnout.router;

import dev.turnout.serde.AvroSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All committed records of topics. Each is read and decoded once, however often somebody looks, so
 * that waiting for records leaves the processors to who writes them. Safe for use by several
 * threads.
 */
final class CommittedRecords implements AutoCloseable {
  private final Admin admin;
  private final Map<String, Object> serdes;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
  private final Map<String, List<SpecificRecord>> decoded = new HashMap<>();

  CommittedRecords(Admin admin, String bootstrapServers, Map<String, Object> serdes) {
    this.admin = admin;
    this.serdes = serdes;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Those that are there now, topic by topic. */
  synchronized List<ConsumerRecord<byte[], byte[]>> of(List<String> topics) {
    read(topics);
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    topics.forEach(topic -> all.addAll(records.getOrDefault(topic, List.of())));
    return all;
  }

  /** The same decoded. */
  synchronized <T extends SpecificRecord> List<T> of(String topic, Class<T> type) {
    read(List.of(topic));
    List<ConsumerRecord<byte[], byte[]>> there = records.getOrDefault(topic, List.of());
    List<SpecificRecord> known =
        decoded.computeIfAbsent(topic + " " + type.getName(), each -> new ArrayList<>());
    if (known.size() < there.size()) {
      var deserializer = AvroSerdes.of(type, serdes).deserializer();
      for (ConsumerRecord<byte[], byte[]> record : there.subList(known.size(), there.size())) {
        known.add(deserializer.deserialize(topic, record.value()));
      }
    }
    return known.stream().map(type::cast).toList();
  }

  private void read(List<String> topics) {
    List<TopicPartition> partitions = partitions(topics);
    consumer.assign(partitions);
    partitions.forEach(each -> consumer.seek(each, next.getOrDefault(each, 0L)));
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(
              record ->
                  records.computeIfAbsent(record.topic(), each -> new ArrayList<>()).add(record));
    }
    partitions.forEach(each -> next.put(each, consumer.position(each)));
  }

  /** Asked anew every time, since partitions may be added. */
  private List<TopicPartition> partitions(List<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    try {
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get()
          .forEach(
              (topic, description) ->
                  description
                      .partitions()
                      .forEach(
                          each -> partitions.add(new TopicPartition(topic, each.partition()))));
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("topics " + topics + " cannot be seen", e);
    }
    return partitions;
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
