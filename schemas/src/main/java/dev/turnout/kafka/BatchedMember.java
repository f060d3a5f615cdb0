package dev.turnout.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group that takes a batch, hands every record on and commits once all are
 * done, be that after milliseconds or minutes.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>At most one batch is under way. Meanwhile the member polls on, which keeps it in its group,
 *       with all its partitions paused. Those that a rebalance brings are paused by the listener,
 *       which runs before the poll fetches, so such a poll brings nothing.
 *   <li>Only what is done is committed, and only for partitions that are still the member's: every
 *       record is handled at least once.
 *   <li>A partition that a rebalance takes and gives back starts at its last commit. After the
 *       batch the member goes on behind it, so that nothing is done twice that did not go to
 *       another.
 * </ul>
 */
public final class BatchedMember implements LoopBody {
  private static final Logger LOG = LoggerFactory.getLogger(BatchedMember.class);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration SHORT_POLL = Duration.ofMillis(20);

  private final Consumer<byte[], byte[]> consumer;
  private final BatchHandler handler;
  private final Duration grace;
  private @Nullable Batch batch;
  private volatile boolean closing;
  private volatile long stopBy;

  private record Batch(CompletableFuture<Void> done, Map<TopicPartition, OffsetAndMetadata> next) {}

  /** What is done with a record. */
  @FunctionalInterface
  public interface BatchHandler {
    /**
     * Begins to handle a record.
     *
     * @param closing whether the member is asked to end
     * @return completes when the record may be committed; exceptionally to fail the member's turn
     */
    CompletableFuture<?> handle(ConsumerRecord<byte[], byte[]> record, BooleanSupplier closing);
  }

  /**
   * @param consumer a {@linkplain Clients#member member}; closed with this
   * @param grace how long a closing member waits for a batch that is under way
   */
  public BatchedMember(
      Consumer<byte[], byte[]> consumer, String topic, Duration grace, BatchHandler handler) {
    this.consumer = consumer;
    this.handler = handler;
    this.grace = grace;
    consumer.subscribe(
        List.of(topic),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (batch != null) {
              consumer.pause(partitions);
            }
          }
        });
  }

  @Override
  public void turn() {
    Batch underWay = batch;
    if (underWay == null) {
      begin(consumer.poll(POLL));
    } else if (underWay.done().isDone()) {
      finish(underWay);
    } else if (!consumer.poll(SHORT_POLL).isEmpty()) {
      throw new IllegalStateException("records came from a paused consumer");
    }
  }

  private void begin(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    CompletableFuture<?>[] handled =
        StreamSupport.stream(records.spliterator(), false)
            .map(record -> handler.handle(record, () -> closing))
            .toArray(CompletableFuture<?>[]::new);
    batch = new Batch(CompletableFuture.allOf(handled), records.nextOffsets());
    consumer.pause(consumer.assignment());
  }

  private void finish(Batch finished) {
    finished.done().join();
    batch = null;
    consumer.resume(consumer.assignment());
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(finished.next());
    next.keySet().retainAll(consumer.assignment());
    // further than the batch means that another member had the partition meanwhile
    next.entrySet().removeIf(each -> consumer.position(each.getKey()) > each.getValue().offset());
    next.forEach(
        (partition, offset) -> {
          if (consumer.position(partition) < offset.offset()) {
            consumer.seek(partition, offset);
          }
        });
    try {
      consumer.commitSync(next);
    } catch (CommitFailedException | RebalanceInProgressException moved) {
      LOG.atWarn().setMessage("records will come again after a rebalance").setCause(moved).log();
    }
  }

  @Override
  public void wakeUp() {
    stopBy = System.nanoTime() + grace.toNanos();
    closing = true;
  }

  @Override
  public boolean unfinished() {
    Batch underWay = batch;
    return underWay != null && (underWay.done().isDone() || System.nanoTime() < stopBy);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
