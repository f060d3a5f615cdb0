package dev.turnout.kafka.member;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Commits what a member has done in any order, of all partitions that it has or had. Not safe for
 * use by several threads.
 */
final class OutOfOrderCommits {
  private static final Logger LOG = LoggerFactory.getLogger(OutOfOrderCommits.class);
  private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

  private final Consumer<?, ?> consumer;
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private boolean metadataTaken = true;
  private long committedAt = System.nanoTime();

  OutOfOrderCommits(Consumer<?, ?> consumer) {
    this.consumer = consumer;
  }

  /** Notes a record that was read, in its partition's order; false when it is done already. */
  boolean isUnfinished(TopicPartition partition, long offset) {
    PartitionProgress known =
        progress.computeIfAbsent(partition, fresh -> new PartitionProgress(offset));
    Long expected = positions.put(partition, offset + 1);
    if (expected != null && expected < offset) {
      known.gone(expected, offset);
    }
    return known.see(offset) != PartitionProgress.Seen.DONE;
  }

  /** Notes that a record is done. */
  void done(TopicPartition partition, long offset) {
    PartitionProgress known = progress.get(partition);
    if (known != null) {
      known.done(offset);
    }
  }

  /** How many offsets lie between what may be committed and what was read. */
  long ahead(TopicPartition partition) {
    PartitionProgress known = progress.get(partition);
    return known == null ? 0 : known.ahead();
  }

  /**
   * Learns what whoever had these partitions before has committed.
   *
   * @return those that go back behind all that is known here
   */
  Set<TopicPartition> assigned(Collection<TopicPartition> partitions) {
    Set<TopicPartition> setBack = new HashSet<>();
    if (partitions.isEmpty()) {
      return setBack;
    }
    Map<TopicPartition, OffsetAndMetadata> lasts = consumer.committed(new HashSet<>(partitions));
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata last = lasts.get(partition);
      if (last == null) {
        committed.remove(partition);
        positions.remove(partition);
        continue; // progress begins with the first record, wherever that is
      }
      committed.put(partition, last);
      positions.put(partition, last.offset());
      PartitionProgress said = PartitionProgress.of(last.offset(), last.metadata());
      PartitionProgress own = progress.get(partition);
      PartitionProgress now = own == null ? said : own.from(said);
      progress.put(partition, now);
      if (own != null && own != now) {
        setBack.add(partition);
      }
    }
    return setBack;
  }

  /** Commits without waiting, from time to time. */
  void ifDue() {
    if (System.nanoTime() - committedAt < INTERVAL_NANOS) {
      return;
    }
    committedAt = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> next = uncommitted(consumer.assignment());
    if (!next.isEmpty()) {
      consumer.commitAsync(
          next,
          (offsets, failure) -> {
            if (failure == null) {
              committed.putAll(offsets);
            } else {
              failed(failure);
            }
          });
    }
  }

  /** Commits these partitions and waits until it is so. */
  void now(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> next = uncommitted(partitions);
    if (!next.isEmpty()) {
      try {
        consumer.commitSync(next);
        committed.putAll(next);
      } catch (KafkaException failure) {
        failed(failure);
      }
    }
  }

  /** The next commit says the same and more, so none is repeated. */
  private void failed(Exception failure) {
    if (failure instanceof OffsetMetadataTooLarge) {
      metadataTaken = false;
    }
    // expected whenever members come or go: partitions that stay are committed afterwards
    boolean moving = failure instanceof RebalanceInProgressException;
    LOG.atLevel(moving ? Level.DEBUG : Level.WARN)
        .setMessage("commit failed; what was done may be done again if the next fails too")
        .setCause(failure)
        .log();
  }

  /**
   * With all done, everything up to the consumer's position: a transaction ends with a marker that
   * no consumer is given, and short of it the group would look as if it were behind for ever.
   */
  private long pastMarkers(TopicPartition partition, long next) {
    if (!consumer.assignment().contains(partition)) {
      return next;
    }
    try {
      return Math.max(next, consumer.position(partition, Duration.ZERO));
    } catch (TimeoutException notFetchedYet) {
      return next;
    }
  }

  /** What is done of these partitions, if that is more than was committed. */
  private Map<TopicPartition, OffsetAndMetadata> uncommitted(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    for (TopicPartition partition : partitions) {
      PartitionProgress known = progress.get(partition);
      if (known != null) {
        OffsetAndMetadata now =
            known.ahead() > 0
                ? new OffsetAndMetadata(known.next(), metadataTaken ? known.metadata() : "")
                : new OffsetAndMetadata(pastMarkers(partition, known.next()), "");
        if (!now.equals(committed.get(partition))) {
          next.put(partition, now);
        }
      }
    }
    return next;
  }
}
