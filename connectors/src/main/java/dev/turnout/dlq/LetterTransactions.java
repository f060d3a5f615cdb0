package dev.turnout.dlq;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicOffsets;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Writes what is replayed together with the marks that say so, in transactions of one id for each
 * dead-letter topic.
 *
 * <p>Why a letter is replayed once, whatever is killed when:
 *
 * <ul>
 *   <li>The replayed record and its mark are one transaction: both are there or neither.
 *   <li>Opening takes the transactional id from whoever had it. The broker first ends the
 *       transaction that a killed command left open, and refuses what a command still running sends
 *       from then on. So at most one command decides at a time.
 *   <li>{@link #awaitMarks} then waits until every mark written before is visible. A reader of
 *       committed records stops in front of the first open transaction, a router's for example, and
 *       a committed mark may lie behind it: without that wait a letter would look as if nobody had
 *       dealt with it.
 * </ul>
 *
 * <p>Confined to one thread.
 */
final class LetterTransactions implements AutoCloseable {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(90);
  private static final long PAUSE_MILLIS = 200;

  /** What a killed command had begun holds back the readers of its topics until then. */
  private static final int TIMEOUT_MILLIS = 20_000;

  private static final String AGAIN =
      "; give the same command again: it does what is left to do, nothing twice";

  private final Producer<byte[], byte[]> producer;
  private final Map<String, Object> client;
  private final String dlq;

  private LetterTransactions(
      Producer<byte[], byte[]> producer, Map<String, Object> client, String dlq) {
    this.producer = producer;
    this.client = client;
    this.dlq = dlq;
  }

  /** A letter could not be written; the transaction was taken back. */
  static final class RefusedException extends Exception {
    RefusedException(Throwable cause) {
      super(cause.toString(), cause);
    }
  }

  /** Transactional id of all replays of an installation. */
  static String transactionalId(TopicCatalogue topics) {
    return topics.dlq() + "-replay";
  }

  /**
   * Takes the transactional id over.
   *
   * @throws DeadLetterFailureException if the broker does not let us have it
   */
  static LetterTransactions open(Map<String, Object> client, TopicCatalogue topics) {
    Map<String, Object> config = new HashMap<>(client);
    config.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TIMEOUT_MILLIS);
    Producer<byte[], byte[]> producer = Clients.transactional(config, transactionalId(topics));
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new DeadLetterFailureException(
          "no transaction of " + transactionalId(topics) + " can begin: " + e.getMessage(), e);
    }
    return new LetterTransactions(producer, client, topics.dlq());
  }

  /**
   * Waits until a reader of committed records sees all that was written to the dead-letter topic
   * before.
   *
   * @throws DeadLetterFailureException if a transaction stays open for too long
   */
  void awaitMarks() {
    try (Admin admin = Clients.admin(client)) {
      Map<TopicPartition, Long> written = ends(admin, IsolationLevel.READ_UNCOMMITTED);
      long end = System.nanoTime() + VISIBLE_WITHIN.toNanos();
      while (true) {
        Map<TopicPartition, Long> visible = ends(admin, IsolationLevel.READ_COMMITTED);
        if (written.entrySet().stream()
            .allMatch(each -> visible.getOrDefault(each.getKey(), 0L) >= each.getValue())) {
          return;
        }
        if (System.nanoTime() > end) {
          throw new DeadLetterFailureException(
              "a transaction on "
                  + dlq
                  + " is open for longer than "
                  + VISIBLE_WITHIN.toSeconds()
                  + " s and hides what lies behind it, perhaps of a role that died; the broker ends"
                  + " it after its transaction timeout, then try again");
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeadLetterFailureException("interrupted while waiting for " + dlq, e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new DeadLetterFailureException("the ends of " + dlq + " cannot be read", e);
    }
  }

  private Map<TopicPartition, Long> ends(Admin admin, IsolationLevel isolation)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    return TopicOffsets.of(
        admin,
        TopicOffsets.partitions(admin, List.of(dlq), VISIBLE_WITHIN),
        OffsetSpec.latest(),
        isolation,
        VISIBLE_WITHIN);
  }

  /**
   * Writes all of these records or none.
   *
   * @throws RefusedException if one of them cannot be written; none is
   * @throws DeadLetterFailureException if nothing more can be written
   */
  void commit(List<ProducerRecord<byte[], byte[]>> records) throws RefusedException {
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // a failure comes out of the commit
        Future<RecordMetadata> unused = producer.send(record);
      }
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException | InvalidTxnStateException e) {
      throw new DeadLetterFailureException(
          "another turnout dlq replay or drop began meanwhile, and this one ends" + AGAIN, e);
    } catch (TimeoutException | InterruptException e) {
      throw new DeadLetterFailureException(
          "the broker did not end a transaction in time" + AGAIN, e);
    } catch (KafkaException e) {
      abort(e);
      throw new RefusedException(cause(e));
    }
  }

  private void abort(KafkaException failure) {
    try {
      producer.abortTransaction();
    } catch (KafkaException fatal) {
      fatal.addSuppressed(failure);
      throw new DeadLetterFailureException(
          (cause(failure) instanceof AuthorizationException
                  ? "the broker does not let us write: " + cause(failure).getMessage()
                  : "no more can be written: " + cause(failure).getMessage())
              + AGAIN,
          fatal);
    }
  }

  private static Throwable cause(KafkaException failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  @Override
  public void close() {
    producer.close(CLOSE_WITHIN);
  }
}
