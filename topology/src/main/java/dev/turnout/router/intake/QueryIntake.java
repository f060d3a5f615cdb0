package dev.turnout.router.intake;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Query;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.RecordLimits;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of the queries topic and tells queries worth routing from the rest. Safe for use
 * by several threads.
 */
public final class QueryIntake {
  private static final int SHOWN_ID = 60;

  private final String topic;
  private final Deserializer<Query> deserializer;
  private final TextCheck textCheck;

  /**
   * @param topic the queries topic
   * @param deserializer safe for use by several threads
   * @param textCheck what a text must be like
   */
  public QueryIntake(String topic, Deserializer<Query> deserializer, TextCheck textCheck) {
    this.topic = topic;
    this.deserializer = deserializer;
    this.textCheck = textCheck;
  }

  /**
   * Reads one record. Its sizes are checked before anything is made of its bytes.
   *
   * @param value Confluent wire format; null for a tombstone
   * @param headers the producer's
   * @return the query, or a refusal: whatever is wrong with the record itself throws nothing
   * @throws RegistryUnavailableException if the schema registry does not answer: no fault of the
   *     record, to be tried again
   */
  public IntakeResult read(byte @Nullable [] value, Headers headers) {
    String excess = RecordLimits.QUERY.excess(value);
    if (excess == null) {
      excess = RecordLimits.excess(headers);
    }
    if (excess != null) {
      return new IntakeResult.Refused(tooLarge(excess));
    }
    if (value == null) {
      return IntakeResult.refused(
          DeadLetterReason.NULL_VALUE,
          "a query without a value; the topic is not compacted, so a tombstone says nothing");
    }
    Query query;
    try {
      query = deserializer.deserialize(topic, value);
    } catch (RuntimeException e) {
      // Other serdes than ours wrap what happened; only the causes tell an outage from bad bytes.
      if (Outage.isBehind(e)) {
        throw e instanceof RegistryUnavailableException unavailable
            ? unavailable
            : new RegistryUnavailableException(String.valueOf(e.getMessage()), e);
      }
      return Outage.rootIs(e, UnknownSchemaException.class)
          ? IntakeResult.refused(DeadLetterReason.UNKNOWN_SCHEMA, String.valueOf(e.getMessage()))
          : IntakeResult.refused(DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
    }
    return query == null
        ? IntakeResult.refused(DeadLetterReason.UNDECODABLE, "the bytes hold no query")
        : check(query);
  }

  private IntakeResult check(Query query) {
    DeadLetter refusal = refusal(query);
    return refusal == null
        ? new IntakeResult.Accepted(query)
        : new IntakeResult.Refused(refusal, query);
  }

  private @Nullable DeadLetter refusal(Query query) {
    if (query.getId().isBlank()) {
      return new DeadLetter(
          DeadLetterReason.MISSING_ID,
          "the query's id is blank, so no answer could be matched to it");
    }
    long idBytes = BoundedText.bytes(query.getId());
    if (idBytes > FieldLimits.QUERY_ID) {
      return new DeadLetter(
          DeadLetterReason.ID_TOO_LONG,
          "the query's id, "
              + BoundedText.cut(query.getId(), SHOWN_ID)
              + ", has "
              + idBytes
              + " bytes, the limit is "
              + FieldLimits.QUERY_ID
              + "; give the query a shorter one");
    }
    String excess = FieldLimits.excess(query);
    return excess == null ? textCheck.refusal(query.getText()) : tooLarge("the query's " + excess);
  }

  private static DeadLetter tooLarge(String excess) {
    return new DeadLetter(
        DeadLetterReason.TOO_LARGE, excess + "; publish the query again with less in it");
  }
}
