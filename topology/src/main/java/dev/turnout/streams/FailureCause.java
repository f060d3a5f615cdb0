package dev.turnout.streams;

import dev.turnout.registry.rest.Outage;
import java.util.List;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/** What is to blame when a stream thread fails. */
public enum FailureCause {
  /** A record, which is dead-lettered at the retry. */
  RECORD,
  /**
   * Brokers, the schema registry, a topic that is missing or may not be used: nothing is wrong with
   * any record, and nothing goes on until it is over.
   */
  OUTAGE,
  /** Neither a record that is known nor an outage. */
  UNKNOWN;

  private static final List<Class<? extends Exception>> OUTAGES =
      List.of(
          RetriableException.class,
          AuthorizationException.class,
          AuthenticationException.class,
          SecurityDisabledException.class,
          InvalidTopicException.class,
          MissingSourceTopicException.class,
          ProducerFencedException.class,
          InvalidProducerEpochException.class,
          InvalidTxnStateException.class,
          InvalidPidMappingException.class,
          FencedInstanceIdException.class,
          TransactionAbortableException.class,
          TaskMigratedException.class,
          TaskCorruptedException.class,
          InterruptException.class);

  private static final List<Class<? extends Exception>> TOO_LARGE =
      List.of(RecordTooLargeException.class, RecordBatchTooLargeException.class);

  /** Whether something was refused for its size. */
  static boolean isTooLarge(Throwable failure) {
    return TOO_LARGE.stream().anyMatch(kind -> Outage.rootIs(failure, kind));
  }

  /**
   * Why a thread failed for which no record is to blame. If a topic then refuses something for its
   * size, it takes less than it must, and nothing goes on until somebody raises its limit.
   */
  static FailureCause ofThread(Throwable failure) {
    return isTooLarge(failure) ? OUTAGE : of(failure);
  }

  /** What a failure says by itself: {@link #OUTAGE} or {@link #UNKNOWN}. */
  static FailureCause of(Throwable failure) {
    boolean outage =
        Outage.isBehind(failure) || OUTAGES.stream().anyMatch(kind -> Outage.rootIs(failure, kind));
    return outage ? OUTAGE : UNKNOWN;
  }
}
