package dev.turnout.console.savings;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.schema.TrainingSample;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.serde.SkippingDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows the samples topic, from as far back as savings are kept. */
public final class GradedTrafficFollower implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Samples are taken together, for which the broker waits half a second at most. */
  private static final int HANDFUL_BYTES = 1 << 20;

  private final GradedTraffic traffic = new GradedTraffic();
  private final SupervisedLoop loop;

  private GradedTrafficFollower(ConnectionSettings connection, Clock clock) {
    Deserializer<TrainingSample> samples =
        AvroSerdes.of(TrainingSample.class, connection.registry()).deserializer();
    long from = clock.instant().minus(Duration.ofDays(GradedTraffic.DAYS)).toEpochMilli();
    Map<String, Object> handfuls = new HashMap<>(connection.kafka());
    handfuls.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, HANDFUL_BYTES);
    TopicTail<byte[], byte[]> tail =
        new TopicTail<>(
            Clients.reader(handfuls),
            List.of(connection.topics().samples()),
            (consumer, ends) -> seek(consumer, ends, from));
    this.loop =
        SupervisedLoop.start(
            "console-savings",
            tail.body(
                () ->
                    tail.poll(
                        POLL,
                        record ->
                            SkippingDecoder.decode(samples, record).ifPresent(traffic::add))));
  }

  /** Starts to follow; the past is read meanwhile. */
  public static GradedTrafficFollower start(ConnectionSettings connection, Clock clock) {
    return new GradedTrafficFollower(connection, clock);
  }

  private static void seek(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, long from) {
    Map<TopicPartition, Long> moments = new HashMap<>();
    ends.keySet().forEach(partition -> moments.put(partition, from));
    consumer
        .offsetsForTimes(moments)
        .forEach(
            (partition, found) ->
                consumer.seek(
                    partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
  }

  /** What it has read. */
  public GradedTraffic traffic() {
    return traffic;
  }

  /** How its loop is doing. */
  public LoopState state() {
    return loop.state();
  }

  @Override
  public void close() {
    loop.close();
  }
}
