package dev.turnout.worker.cancel;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.Cancellation;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
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

/**
 * Reads the cancellations of all gateways, those of the last minutes too: their requests may still
 * wait for their turn.
 */
public final class CancellationFollower implements AutoCloseable {

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
    SkippingDecoder.decode(deserializer, record)
        .filter(cancellation -> FieldLimits.excess(cancellation) == null)
        .ifPresent(asks::cancel);
  }

  @Override
  public void close() {
    loop.close();
  }
}
