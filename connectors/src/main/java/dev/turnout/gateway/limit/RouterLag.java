package dev.turnout.gateway.limit;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.TopicOffsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Looks every few seconds how far the routers are behind the queries. */
final class RouterLag implements LoopBody {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration WITHIN = Duration.ofSeconds(10);

  /** After so long without news nothing is known any more. */
  private static final long STALE_NANOS = Duration.ofSeconds(30).toNanos();

  private final String topic;
  private final String group;
  private final Admin admin;
  private final LagEstimate estimate = new LagEstimate();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Measured measured = new Measured(QueueWait.NONE, 0);

  private record Measured(QueueWait queue, long atNanos) {}

  /**
   * @param kafka settings of Kafka clients
   * @param topic of the queries
   * @param group of the routers
   */
  RouterLag(Map<String, Object> kafka, String topic, String group) {
    this.topic = topic;
    this.group = group;
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
    this.admin = Clients.admin(config);
  }

  /** What waits for routers, as last seen. */
  QueueWait waiting() {
    Measured last = measured;
    return System.nanoTime() - last.atNanos > STALE_NANOS ? QueueWait.NONE : last.queue;
  }

  @Override
  public void turn() throws InterruptedException {
    measure();
    boolean unusedClosing = closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void measure() throws InterruptedException {
    try {
      Set<TopicPartition> partitions = TopicOffsets.partitions(admin, Set.of(topic), WITHIN);
      // first what was read, so that no query is counted as read that is not counted as written
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      Map<TopicPartition, Long> ends =
          TopicOffsets.of(
              admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED, WITHIN);
      long written = 0;
      long read = 0;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = committed.get(partition);
        Long end = ends.get(partition);
        // a partition without an offset has no router yet
        if (offset != null && end != null) {
          written += end;
          read += Math.min(end, offset.offset());
        }
      }
      estimate.add(System.nanoTime() / 1_000_000, written, read);
      measured = new Measured(estimate.estimate(), System.nanoTime());
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = FutureFailure.cause(e);
      throw new KafkaException(
          "how far group " + group + " is behind " + topic + " cannot be seen: " + cause, cause);
    }
  }

  @Override
  public void wakeUp() {
    closing.countDown();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
