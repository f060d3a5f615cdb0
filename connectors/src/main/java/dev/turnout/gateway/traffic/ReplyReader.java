package dev.turnout.gateway.traffic;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.TopicTail;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Reply;
import dev.turnout.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition of the replies topic and hands each reply to its ask. Replies to nobody here,
 * of another gateway with the same partition or to an ask that has ended, are not even decoded.
 */
final class ReplyReader implements LoopBody {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final IntUnaryOperator choice;
  private final OpenAsks asks;
  private final BiConsumer<Reply, Integer> seen;
  private final Deserializer<Reply> replies;
  private final Consumer<byte[], byte[]> consumer;
  private final TopicTail<byte[], byte[]> tail;
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile int partition = -1;

  /**
   * @param choice which partition, of so many
   * @param seen gets each reply that was asked for here, and its bytes, before its listener
   */
  ReplyReader(
      Map<String, ?> kafka,
      Map<String, ?> serde,
      String topic,
      IntUnaryOperator choice,
      OpenAsks asks,
      BiConsumer<Reply, Integer> seen) {
    this.topic = topic;
    this.choice = choice;
    this.asks = asks;
    this.seen = seen;
    this.replies = AvroSerdes.of(Reply.class, serde).deserializer();
    this.consumer = Clients.uncommittedReader(kafka);
    this.tail = TopicTail.fromEnd(consumer, topic, each -> each.partition() == partition);
  }

  /** Waits until no reply can be missed any more; false if that takes too long. */
  boolean awaitBegin(Duration longest) throws InterruptedException {
    return begun.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The partition that is read; negative before {@link #awaitBegin}. */
  int partition() {
    return partition;
  }

  @Override
  public void turn() {
    if (begun.getCount() > 0) {
      if (partition < 0) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
          throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
        }
        partition = choice.applyAsInt(partitions.size());
      }
      tail.begin();
      begun.countDown();
    }
    tail.poll(POLL, this::read);
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    Optional<OpenAsk> found = asks.find(new String(record.key(), StandardCharsets.UTF_8));
    if (found.isEmpty()) {
      return;
    }
    OpenAsk ask = found.get();
    try {
      Reply reply = replies.deserialize(record.topic(), record.value());
      int bytes = record.serializedKeySize() + record.serializedValueSize();
      seen.accept(reply, bytes);
      ask.replied(reply, bytes);
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      LOG.atWarn()
          .setMessage("reply cannot be read")
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(failure)
          .log();
      ask.failed("unreadable", failure, null);
    }
  }

  @Override
  public void wakeUp() {
    tail.wakeUp();
  }

  @Override
  public void close() {
    tail.close();
  }
}
