package dev.turnout.streams;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A processor that is given no record twice that failed on it once: such a record is dead-lettered
 * instead. Notes what fails. Confined to one stream thread.
 */
final class DeadLetteringProcessor<V, VOut> implements Processor<byte[], V, byte[], VOut> {
  private final Processor<byte[], V, byte[], VOut> guarded;
  private final FailedRecords records;
  private final Target target;
  private final Function<V, byte @Nullable []> bytes;
  private final Accompaniment<V> accompaniment;
  private ProcessorContext<byte[], Object> context;

  /**
   * Where dead letters go.
   *
   * @param stage which part of Turnout failed, e.g. route
   * @param sink name of the sink of dead letters
   * @param original the record that a failed one was made of
   */
  record Target(String stage, String sink, UnaryOperator<RefusedRecord> original) {}

  /**
   * @param bytes a value as it was published
   * @param accompaniment what is sent besides a dead letter
   */
  @SuppressWarnings("NullAway.Init") // set by init()
  DeadLetteringProcessor(
      Processor<byte[], V, byte[], VOut> guarded,
      FailedRecords records,
      Target target,
      Function<V, byte @Nullable []> bytes,
      Accompaniment<V> accompaniment) {
    this.guarded = guarded;
    this.records = records;
    this.target = target;
    this.bytes = bytes;
    this.accompaniment = accompaniment;
  }

  @Override
  @SuppressWarnings("unchecked") // a context forwards whatever its sinks take
  public void init(ProcessorContext<byte[], VOut> processorContext) {
    context = (ProcessorContext<byte[], Object>) processorContext;
    guarded.init(processorContext);
  }

  @Override
  public void process(Record<byte[], V> record) {
    byte[] value = record.value() == null ? null : bytes.apply(record.value());
    SourceRecord source = SourceRecord.of(context.recordMetadata(), value);
    if (source == null) {
      guarded.process(record);
      return;
    }
    FailedRecord failed = records.find(source);
    records.begin(source);
    try {
      if (failed == null) {
        guarded.process(record);
      } else {
        deadLetter(source, record, value, failed);
      }
      records.processed(source);
    } catch (Throwable failure) {
      // an Error too: the thread ends, but the record must not end the next one
      records.threw(source, failure);
      throw failure;
    } finally {
      records.end();
    }
  }

  private void deadLetter(
      SourceRecord source, Record<byte[], V> record, byte @Nullable [] value, FailedRecord failed) {
    RefusedRecord refused =
        target
            .original()
            .apply(
                new RefusedRecord(
                    source.topic(),
                    source.partition(),
                    source.offset(),
                    record.key(),
                    value,
                    record.headers()));
    String reason = failed.reason().name();
    DeadLetterRecord letter =
        failed.reason() == DeadLetterReason.TOO_LARGE
            ? DeadLetters.reference(refused, reason, failed.detail(), target.stage())
            : DeadLetters.of(refused, reason, failed.detail(), target.stage());
    records.deadLettered(failed);
    context.forward(
        new Record<>(letter.key(), letter.value(), record.timestamp(), letter.headers()),
        target.sink());
    // once only: if it is what cannot be sent, the letter must go without it
    if (records.firstLetter(source)) {
      accompaniment
          .of(record.value(), failed.reason(), failed.detail())
          .ifPresent(
              other ->
                  context.forward(
                      new Record<>(other.key(), other.value(), record.timestamp()), other.sink()));
    }
  }

  @Override
  public void close() {
    guarded.close();
  }
}
