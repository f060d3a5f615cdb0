package dev.turnout.router.emit;

import dev.turnout.registry.rest.Outage;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.encode.EncodedQueryHeader;
import dev.turnout.router.intake.DeadLetter;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.RefusedRecord;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles failures that the processor does not turn into dead letters itself (KIP-1034 handlers):
 * an outage stops the stream thread, which starts over from the last commit; a record that can
 * never get through is dead-lettered in the same transaction, and the stream goes on.
 */
public final class DeadLetteringExceptionHandler
    implements DeserializationExceptionHandler,
        ProcessingExceptionHandler,
        ProductionExceptionHandler {
  /** Streams configuration key that hands over the live metrics. */
  public static final String METRICS_CONFIG = "turnout.router.metrics";

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetteringExceptionHandler.class);

  private String deadLetterTopic = "";
  private RouterMetrics metrics = RouterMetrics.unobserved();

  @Override
  public void configure(Map<String, ?> configs) {
    Object topic = configs.get(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG);
    if (topic == null) {
      throw new ConfigException(
          StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG
              + " is not set; name the dead-letter topic");
    }
    deadLetterTopic = topic.toString();
    if (configs.get(METRICS_CONFIG) instanceof RouterMetrics live) {
      metrics = live;
    }
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
    return Outage.isBehind(failure)
        ? DeserializationExceptionHandler.Response.fail()
        : DeserializationExceptionHandler.Response.resume(deadLetter(context, failure));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
    return Outage.isBehind(failure)
        ? ProcessingExceptionHandler.Response.fail()
        : ProcessingExceptionHandler.Response.resume(deadLetter(context, failure));
  }

  @Override
  public ProductionExceptionHandler.Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception failure) {
    if (failure instanceof RecordTooLargeException || failure instanceof SerializationException) {
      return ProductionExceptionHandler.Response.resume(deadLetter(context, failure));
    }
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
    return Outage.isBehind(failure)
        ? ProductionExceptionHandler.Response.fail()
        : ProductionExceptionHandler.Response.resume(deadLetter(context, failure));
  }

  private List<ProducerRecord<byte[], byte[]>> deadLetter(
      ErrorHandlerContext context, Exception failure) {
    LOG.atError()
        .setMessage("record failed and is dead-lettered")
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .addKeyValue("node", context.processorNodeId())
        .setCause(failure)
        .log();
    metrics.deadLettered(DeadLetterReason.INTERNAL_ERROR.name());
    DeadLetterRecord letter =
        new DeadLetter(DeadLetterReason.INTERNAL_ERROR, failure.toString())
            .of(
                new RefusedRecord(
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    context.sourceRawKey(),
                    context.sourceRawValue(),
                    context.headers()),
                String.valueOf(context.processorNodeId()));
    // The deserializer strips it, but a handler must not depend on how far the record came.
    letter.headers().remove(EncodedQueryHeader.KEY);
    return List.of(letter.on(deadLetterTopic, context.timestamp()));
  }
}
