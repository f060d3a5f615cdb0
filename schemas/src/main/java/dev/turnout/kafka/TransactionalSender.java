package dev.turnout.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that belong together in one transaction, as the only one who may.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Readers of committed records see all records of a {@link #send} or none, wherever the
 *       process dies.
 *   <li>After {@link #takeOver} nobody who held the transactional id before can write any more: the
 *       broker refuses the older producer epoch. So one who was suspended, and still believes that
 *       it is in charge, changes nothing.
 *   <li>What an earlier holder left open is ended before {@link #takeOver} returns; an end offset
 *       that is asked for afterwards therefore lies behind all that the earlier holder has written.
 *   <li>A failed send leaves no holder, since whether it was committed may be unknown: take over
 *       again, and read what the topic says.
 * </ul>
 *
 * <p>Source: KIP-98, "Exactly Once Delivery and Transactional Messaging", on zombie fencing.
 *
 * <p>Confined to one thread.
 */
public final class TransactionalSender implements AutoCloseable {
  private final Supplier<Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;

  /**
   * @param producers make a producer with a transactional id; closed by this sender
   */
  TransactionalSender(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /**
   * A sender that holds the id from {@link #takeOver} on.
   *
   * @param settings Kafka client settings, {@code bootstrap.servers} among them
   * @param id transactional id, shared by all that take turns
   */
  public static TransactionalSender of(Map<String, ?> settings, String id) {
    return new TransactionalSender(() -> Clients.transactional(settings, id));
  }

  /** Becomes the one who may write; ends what an earlier holder has left open. */
  public void takeOver() {
    release();
    producer = producers.get();
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /** Whether this sender took over and has lost its place neither by a failure nor by its will. */
  public boolean holds() {
    return producer != null;
  }

  /**
   * Writes records in one transaction.
   *
   * @throws IllegalStateException without {@link #takeOver}
   * @throws KafkaException if they may not have been committed, because another took over for
   *     instance; this sender no longer holds the id then
   */
  public void send(List<ProducerRecord<byte[], byte[]>> records) {
    Producer<byte[], byte[]> holding = producer;
    if (holding == null) {
      throw new IllegalStateException("nothing can be sent before taking over");
    }
    try {
      holding.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        var unusedFuture = holding.send(record);
      }
      holding.commitTransaction();
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /** Gives the place up; a transaction that is open stays so until someone takes over. */
  public void release() {
    Producer<byte[], byte[]> holding = producer;
    producer = null;
    if (holding != null) {
      holding.close(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    release();
  }
}
