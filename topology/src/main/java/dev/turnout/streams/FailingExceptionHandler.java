package dev.turnout.streams;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Kafka Streams' handlers of failures (KIP-1034): none lets a transaction go on from which
 * something is missing. What is to blame is in {@link FailedRecords} by then, or noted here. Bytes
 * that a source cannot read are dead-lettered at once, since nothing was made of them yet.
 */
public final class FailingExceptionHandler
    implements DeserializationExceptionHandler,
        ProcessingExceptionHandler,
        ProductionExceptionHandler {
  /** Streams configuration key that hands over the client's failure handling. */
  static final String HANDLING_CONFIG = "turnout.failure.handling";

  private FailureHandling handling;

  @SuppressWarnings("NullAway.Init") // set by configure()
  public FailingExceptionHandler() {}

  /**
   * Takes the client's failure handling.
   *
   * @throws ConfigException if the configuration holds none
   */
  @Override
  public void configure(Map<String, ?> configs) {
    if (!(configs.get(HANDLING_CONFIG) instanceof FailureHandling handedOver)) {
      throw new ConfigException(
          HANDLING_CONFIG + " is missing; this handler only works inside our clients");
    }
    handling = handedOver;
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
    if (FailureCause.of(failure) == FailureCause.OUTAGE) {
      return DeserializationExceptionHandler.Response.fail();
    }
    DeadLetterRecord letter =
        DeadLetters.of(
            RefusedRecord.of(record),
            DeadLetterReason.UNDECODABLE.name(),
            failure.toString(),
            String.valueOf(context.processorNodeId()));
    return DeserializationExceptionHandler.Response.resume(
        List.of(
            handling
                .records()
                .deadLetterSize()
                .fit(letter)
                .on(handling.deadLetterTopic(), record.timestamp())));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
    return ProcessingExceptionHandler.Response.fail();
  }

  @Override
  public ProductionExceptionHandler.Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    return failure instanceof RetriableException
        ? ProductionExceptionHandler.Response.retry()
        : ProductionExceptionHandler.Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public ProductionExceptionHandler.Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception failure,
      SerializationExceptionOrigin origin) {
    handling.records().notSerialized(record.topic(), failure);
    return ProductionExceptionHandler.Response.fail();
  }
}
