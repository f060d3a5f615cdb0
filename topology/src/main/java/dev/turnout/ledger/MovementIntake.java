package dev.turnout.ledger;

import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.BudgetEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Reads movements from whatever partition they lie in, and sends each on to the partition of its
 * tenant. Nothing is stored here, so the topic may get more partitions while routers run.
 */
final class MovementIntake extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private final Deserializer<BudgetEvent> events;
  private final String topic;
  private final BudgetRefusals refusals;

  MovementIntake(Deserializer<BudgetEvent> events, String topic, BudgetRefusals refusals) {
    this.events = events;
    this.topic = topic;
    this.refusals = refusals;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    BudgetEvent event;
    try {
      event = events.deserialize(topic, record.value());
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e;
      }
      refusals.movement(e);
      return;
    }
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
