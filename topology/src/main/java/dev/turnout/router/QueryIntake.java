package dev.turnout.router;

import dev.turnout.registry.Outage;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Query;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads a record of the queries topic and tells queries worth routing from the rest. */
final class QueryIntake {
  /** Far longer than any id needs to be; it is a key of many records and kept in many states. */
  static final int MAX_ID_BYTES = 1_024;

  private static final int SHOWN_ID = 60;

  private final String topic;
  private final Deserializer<Query> deserializer;
  private final TextCheck textCheck;

  /**
   * @param topic the queries topic
   * @param deserializer safe for use by several threads
   * @param textCheck what a text must be like
   */
  QueryIntake(String topic, Deserializer<Query> deserializer, TextCheck textCheck) {
    this.topic = topic;
    this.deserializer = deserializer;
    this.textCheck = textCheck;
  }

  /**
   * Reads one value.
   *
   * @throws RegistryUnavailableException if the schema registry does not answer: no fault of the
   *     record, to be tried again
   */
  Intake read(byte @Nullable [] value) {
    if (value == null) {
      return Intake.refused(
          DeadLetterReason.NULL_VALUE,
          "a query without a value; the topic is not compacted, so a tombstone says nothing");
    }
    Query query;
    try {
      query = deserializer.deserialize(topic, value);
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e instanceof RegistryUnavailableException unavailable
            ? unavailable
            : new RegistryUnavailableException(String.valueOf(e.getMessage()), e);
      }
      return Outage.rootIs(e, UnknownSchemaException.class)
          ? Intake.refused(DeadLetterReason.UNKNOWN_SCHEMA, String.valueOf(e.getMessage()))
          : Intake.refused(DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
    }
    return query == null
        ? Intake.refused(DeadLetterReason.UNDECODABLE, "the bytes hold no query")
        : check(query);
  }

  private Intake check(Query query) {
    if (query.getId().isBlank()) {
      return Intake.refused(
          DeadLetterReason.MISSING_ID, "the query's id is blank, so no answer could find its way");
    }
    int idBytes = query.getId().getBytes(StandardCharsets.UTF_8).length;
    if (idBytes > MAX_ID_BYTES) {
      return Intake.refused(
          DeadLetterReason.ID_TOO_LONG,
          "the query's id, "
              + query.getId().substring(0, SHOWN_ID)
              + "…, has "
              + idBytes
              + " bytes, the limit is "
              + MAX_ID_BYTES
              + "; give the query a shorter one");
    }
    DeadLetter refusal = textCheck.refusal(query.getText());
    return refusal == null ? new Intake.Accepted(query) : new Intake.Refused(refusal);
  }
}
