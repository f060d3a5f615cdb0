package dev.turnout.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads what transactions have committed, and nothing else, without joining a group. */
public final class CommittedReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private CommittedReader() {}

  /** A consumer for a tail that is to see records as soon as they are there. */
  public static org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> open(
      Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    return Clients.reader(settings);
  }

  /** Reads a topic from its first record to what is committed now. */
  public static void readAll(
      Map<String, Object> client, String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (TopicTail<byte[], byte[]> tail = TopicTail.fromBeginning(open(client), List.of(topic))) {
      tail.begin();
      while (!tail.caughtUp()) {
        tail.poll(POLL, sink);
      }
    }
  }
}
