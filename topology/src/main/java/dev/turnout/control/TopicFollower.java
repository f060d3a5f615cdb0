package dev.turnout.control;

import dev.turnout.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic from its beginning, for ever, on a thread of its own: a plain read_committed
 * consumer without a group. Every follower sees every record. A global table would block the start
 * until it is restored and take the whole client down with its thread; this does neither.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(3);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

  private final String topic;
  private final TopicListener<?> reader;
  private final RecordDecoder<?> decoder;
  private final Serde<?> serde;
  private final Consumer<byte[], byte[]> consumer;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;

  private <V> TopicFollower(
      String topic, Map<String, ?> config, Serde<V> serde, TopicListener<V> reader) {
    this.topic = topic;
    this.reader = reader;
    this.serde = serde;
    this.decoder = new RecordDecoder<>(serde.deserializer(), reader);
    Map<String, Object> consumers = new HashMap<>(config);
    consumers.keySet().retainAll(ConsumerConfig.configNames());
    consumers.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumers.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumers.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumers.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(consumers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.thread = new Thread(this::run, "turnout-follow-" + topic);
    this.thread.setDaemon(true);
  }

  /**
   * Starts to follow.
   *
   * @param config Kafka client settings, {@code bootstrap.servers} among them, and those of the
   *     Avro serde
   * @param type of the topic's records
   */
  public static <V extends SpecificRecord> TopicFollower start(
      String topic, Map<String, ?> config, Class<V> type, TopicListener<V> reader) {
    Serde<V> serde = AvroSerdes.of(type, config);
    try {
      TopicFollower follower = new TopicFollower(topic, config, serde, reader);
      follower.thread.start();
      return follower;
    } catch (RuntimeException e) {
      serde.close();
      throw e;
    }
  }

  /** Waits until the records that existed at the start are read; false when time ran out. */
  public boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return caughtUp.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void run() {
    Map<TopicPartition, Long> ends = Map.of();
    Set<TopicPartition> behind = new HashSet<>();
    while (!closed) {
      try {
        if (ends.isEmpty()) {
          ends = assign();
          behind.addAll(ends.keySet());
        }
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          decoder.read(record);
        }
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
          if (behind.contains(end.getKey()) && consumer.position(end.getKey()) >= end.getValue()) {
            behind.remove(end.getKey());
          }
        }
        reader.settle(behind.isEmpty());
        if (behind.isEmpty()) {
          caughtUp.countDown();
        }
      } catch (WakeupException | InterruptException e) {
        log.debug("following {} ends", topic);
      } catch (KafkaException e) {
        log.warn("following {} failed; trying again in {}", topic, PAUSE_AFTER_ERROR, e);
        pause();
      } catch (RuntimeException e) {
        log.error("following {} met an unforeseen error; going on", topic, e);
        pause();
      }
    }
    Thread.interrupted();
    consumer.close();
  }

  private Map<TopicPartition, Long> assign() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " does not exist");
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer.endOffsets(partitions);
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_ERROR.toMillis());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(PATIENCE_AT_CLOSE.toMillis());
      thread.interrupt();
      thread.join(PATIENCE_AT_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    serde.close();
  }
}
