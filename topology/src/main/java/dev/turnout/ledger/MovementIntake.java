package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads movements from whatever partition they lie in, and sends each on to the partition of its
 * tenant. Nothing is stored here, so the topic may get more partitions while routers run.
 */
final class MovementIntake extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private final MovementReader movements;

  MovementIntake(Deserializer<BudgetEvent> events, String topic, BudgetRefusals refusals) {
    this.movements = new MovementReader(events, topic, refusals);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    @Nullable BudgetEvent event = movements.read(record.value());
    if (event != null) {
      byte[] tenant = event.getTenant().getBytes(StandardCharsets.UTF_8);
      // brokers refuse records from the future, which would end the stream
      long time = Math.min(record.timestamp(), context().currentSystemTimeMs());
      context()
          .forward(
              new Record<>(tenant, record.value(), time, new RecordHeaders()), LedgerTopology.READ);
    }
  }
}
