package dev.turnout.streams;

import dev.turnout.streams.SourcedRecord.SourcedHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Knows of every produced record which source record it was made of, and tells {@link
 * FailedRecords} whose send was refused. Belongs to one producer, which is one stream thread's.
 *
 * <p>A transactional producer fails everything that it has not sent yet with the error of the send
 * that failed, often the same object, so that neighbours look guilty. Those who are come first,
 * since the others are failed when the first failure has put the producer into its error state.
 * Hence only the first refusal that comes from a broker counts. Another guilty record of the same
 * transaction is found at the retry. A refusal by the producer itself comes within {@code send}, on
 * the thread that processes the record, and leaves no doubt.
 */
public final class SourceInterceptor implements ProducerInterceptor<byte[], byte[]> {
  /** Producer configuration key that hands over the memory of failed records. */
  static final String FAILED_RECORDS_CONFIG = "turnout.failed.records";

  private static final List<Class<? extends Exception>> REFUSED_FOR_ITSELF =
      List.of(InvalidRecordException.class, InvalidTimestampException.class);

  private final AtomicBoolean blamed = new AtomicBoolean();
  private @Nullable FailedRecords records;

  /**
   * Takes the live memory of failed records.
   *
   * @throws ConfigException if the configuration holds none
   */
  @Override
  public void configure(Map<String, ?> configs) {
    if (!(configs.get(FAILED_RECORDS_CONFIG) instanceof FailedRecords handedOver)) {
      throw new ConfigException(
          FAILED_RECORDS_CONFIG + " is missing; this interceptor only works inside our clients");
    }
    records = handedOver;
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    return new SourcedRecord(record, running().current());
  }

  @Override
  public void onAcknowledgement(
      RecordMetadata metadata, @Nullable Exception exception, Headers headers) {
    if (exception == null) {
      running().acknowledged(metadata.topic());
    } else if (headers instanceof SourcedHeaders sourced && !isConsequence(exception)) {
      refused(metadata.topic(), sourced, exception);
    }
  }

  private void refused(String topic, SourcedHeaders sent, Exception exception) {
    boolean tooLarge = FailureCause.isTooLarge(exception);
    if (!tooLarge && REFUSED_FOR_ITSELF.stream().noneMatch(kind -> kind.isInstance(exception))) {
      running().notSent(topic, exception);
      return;
    }
    boolean bySelf = sent.source() != null && sent.source().equals(running().current());
    if (blamed.compareAndSet(false, true) || bySelf) {
      running().refused(topic, sent, tooLarge, exception);
    }
  }

  /** Whether the send failed only because another one did. */
  private static boolean isConsequence(Exception exception) {
    // the very class: what neighbours of a refused record in its batch get
    return exception instanceof TransactionAbortedException
        || exception.getClass() == KafkaException.class;
  }

  private FailedRecords running() {
    if (records == null) {
      throw new IllegalStateException("the interceptor is used before configure");
    }
    return records;
  }

  @Override
  public void close() {}
}
