package dev.turnout.worker.cancel;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Cancellation;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.FieldLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the cancellations of all gateways, those of the last minutes too: their requests may still
 * wait for their turn.
 */
public final class CancellationFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CancellationFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration BACK = Duration.ofMinutes(10);

  private final CancelledAsks asks;
  private final Clock clock;
  private final Deserializer<Cancellation> deserializer;
  private final SupervisedLoop loop;

  private CancellationFollower(
      ConnectionSettings connection, String name, CancelledAsks asks, Clock clock) {
    this.asks = asks;
    this.clock = clock;
    this.deserializer = AvroSerdes.of(Cancellation.class, connection.registry()).deserializer();
    TopicTail<byte[], byte[]> tail =
        new TopicTail<>(
            Clients.reader(connection.kafka()),
            List.of(connection.topics().cancellations()),
            this::goBack);
    this.loop = SupervisedLoop.start(name, tail.body(() -> tail.poll(POLL, this::read)));
  }

  /**
   * Starts to read.
   *
   * @param name of the loop, for logs and probes
   * @param asks is told
   */
  public static CancellationFollower start(
      ConnectionSettings connection, String name, CancelledAsks asks, Clock clock) {
    return new CancellationFollower(connection, name, asks, clock);
  }

  /** How reading goes. */
  public LoopState state() {
    return loop.state();
  }

  private void goBack(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long since = clock.instant().minus(BACK).toEpochMilli();
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, since));
    Map<TopicPartition, OffsetAndTimestamp> recent = consumer.offsetsForTimes(times);
    ends.forEach(
        (partition, end) -> {
          OffsetAndTimestamp found = recent.get(partition);
          consumer.seek(partition, found == null ? end : found.offset());
        });
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      @Nullable Cancellation cancellation =
          deserializer.deserialize(record.topic(), record.value());
      if (cancellation != null && FieldLimits.excess(cancellation) == null) {
        asks.cancel(cancellation);
      }
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      LOG.atWarn()
          .setMessage("cancellation cannot be read and is left out")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
