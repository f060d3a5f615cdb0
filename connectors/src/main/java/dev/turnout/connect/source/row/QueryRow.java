package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/**
 * A row with the fields of {@code Query.avsc}. Without an id it gets one of its place; {@code chat}
 * may be a request of OpenAI's chat-completions API, whose text and needs are then read from it.
 */
public record QueryRow(String tenant, Priority priority, Clock clock) implements RowMapping {

  /** What a producer may say; where replies go and what a chat needs is not among it. */
  private static final Set<String> KNOWN =
      Set.of(
          "id",
          "text",
          "tenant",
          "session",
          "constraints",
          "deadline",
          "replyTo",
          "submittedAt",
          "metadata",
          "priority");

  @Override
  public Keyed map(ObjectNode row, RowPlace place) throws RowException {
    ObjectNode fields = row.deepCopy();
    JsonNode chat = fields.remove("chat");
    Map.of("id", place.id(), "tenant", tenant, "priority", priority.name())
        .forEach((name, usual) -> putIfAbsent(fields, name, usual));
    if (!fields.hasNonNull("submittedAt")) {
      fields.put("submittedAt", clock.millis());
    }
    if (chat != null && !chat.isNull()) {
      putIfAbsent(fields, "text", "");
    }
    Query query = (Query) SchemaJson.record(fields, Query.getClassSchema(), KNOWN);
    if (chat != null && !chat.isNull()) {
      ObjectNode body = chat.isObject() ? (ObjectNode) chat : RowFields.json(chat.asText());
      query = ChatQuery.of(query, body);
    }
    return checked(query);
  }

  private static void putIfAbsent(ObjectNode fields, String name, String value) {
    if (!fields.hasNonNull(name)) {
      fields.put(name, value);
    }
  }

  /** A query that routers will not refuse for its form. */
  static Keyed checked(Query query) throws RowException {
    if (query.getId().isBlank()) {
      throw new RowException(
          DeadLetterReason.MISSING_ID, "\"id\" is blank; leave it out or set it");
    }
    if (query.getText().isBlank()) {
      throw new RowException(
          DeadLetterReason.EMPTY_TEXT, "\"text\" is empty; there is no question");
    }
    String excess = FieldLimits.excess(query);
    if (excess != null) {
      throw new RowException(DeadLetterReason.TOO_LARGE, "the query's " + excess);
    }
    return new Keyed(query.getId(), query);
  }
}
