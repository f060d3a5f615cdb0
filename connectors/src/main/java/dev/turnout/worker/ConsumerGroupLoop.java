package dev.turnout.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a classic consumer group, on a thread of its own. It commits after all requests of
 * a poll have their verdict, polling on with paused partitions so that it stays in the group, and
 * repeats failed requests itself because the group cannot give single ones back.
 */
final class ConsumerGroupLoop implements WorkerLoop {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroupLoop.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SHORT_POLL = Duration.ofMillis(50);

  private final WorkerSettings settings;
  private final RequestHandler handler;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean closing;

  ConsumerGroupLoop(WorkerSettings settings, RequestHandler handler) {
    this.settings = settings;
    this.handler = handler;
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.concurrency());
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(List.of(settings.requestTopic()));
      while (!closing) {
        turn(consumer.poll(POLL));
      }
    }
  }

  private void turn(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    List<CompletableFuture<Acknowledgement>> verdicts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      verdicts.add(untilDone(record, 1));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(verdicts.toArray(CompletableFuture<?>[]::new));
    long stopBy = Long.MAX_VALUE;
    consumer.pause(consumer.assignment());
    while (!all.isDone()) {
      if (closing) {
        stopBy = Math.min(stopBy, System.nanoTime() + settings.grace().toNanos());
        if (System.nanoTime() >= stopBy) {
          return;
        }
      }
      // partitions that a rebalance brings meanwhile start unpaused
      if (!consumer.poll(SHORT_POLL).isEmpty()) {
        throw new IllegalStateException("records came from a paused consumer");
      }
      consumer.pause(consumer.assignment());
    }
    consumer.resume(consumer.assignment());
    try {
      consumer.commitSync();
    } catch (CommitFailedException | RebalanceInProgressException moved) {
      LOG.warn("requests of {} will come again after a rebalance", settings.llm(), moved);
    }
  }

  private CompletableFuture<Acknowledgement> untilDone(
      ConsumerRecord<byte[], byte[]> record, int delivery) {
    return handler
        .handle(record, delivery)
        .thenCompose(
            verdict ->
                verdict == Acknowledgement.DONE || closing
                    ? CompletableFuture.completedFuture(verdict)
                    : untilDone(record, delivery + 1));
  }

  @Override
  public void close() {
    closing = true;
  }
}
