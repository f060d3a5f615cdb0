package dev.turnout.ledger;

import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.BudgetEvent;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads movements; one that cannot be read is refused and skipped.
 *
 * @param topic that the records are of, for their schemas
 */
record MovementReader(Deserializer<BudgetEvent> events, String topic, BudgetRefusals refusals) {
  /** The movement; null if there is none, or it was refused. */
  @Nullable BudgetEvent read(byte[] value) {
    try {
      return events.deserialize(topic, value);
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e; // the record is not to blame and is read again
      }
      refusals.movement(e);
      return null;
    }
  }
}
