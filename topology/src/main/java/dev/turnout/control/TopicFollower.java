package dev.turnout.control;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicTail;
import dev.turnout.serde.AvroSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads one topic from its beginning, for ever, on a thread of its own: a plain read_committed
 * consumer without a group. Every follower sees every record. Kafka Streams' global table would
 * block the start until it is restored, and take the whole client down with its thread; this does
 * neither.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final TopicPartition first;
  private final TopicListener<?> reader;
  private final RecordDecoder<?> decoder;
  private final Serde<?> serde;
  private final TopicTail<byte[], byte[]> tail;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final SupervisedLoop loop;
  private volatile long position = -1;

  private <V> TopicFollower(
      String topic, Map<String, ?> config, Serde<V> serde, TopicListener<V> reader) {
    this.first = new TopicPartition(topic, 0);
    this.reader = reader;
    this.serde = serde;
    this.decoder = new RecordDecoder<>(serde.deserializer(), reader);
    this.tail = TopicTail.fromBeginning(Clients.reader(config), List.of(topic));
    this.loop =
        new SupervisedLoop(
            "turnout-follow-" + topic,
            tail.body(this::turn),
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(3)));
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
      follower.loop.start();
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

  /**
   * Whether the listener has taken in, and settled, all before an offset of the topic's first
   * partition; topics of control have no other.
   */
  public boolean hasRead(long offset) {
    return position >= offset;
  }

  /** How the follower's loop is doing. */
  public LoopState state() {
    return loop.state();
  }

  private void turn() {
    tail.poll(POLL, decoder::read);
    boolean all = tail.caughtUp();
    reader.settle(all);
    position = tail.position(first);
    if (all) {
      caughtUp.countDown();
    }
  }

  @Override
  public void close() {
    loop.close();
    serde.close();
  }
}
