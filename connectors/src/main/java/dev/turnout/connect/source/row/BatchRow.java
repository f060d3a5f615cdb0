package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.connect.batch.BatchKeys;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/**
 * A row of a file of OpenAI's batch API: {@code custom_id}, {@code method}, {@code url} and the
 * {@code body} of a chat. It becomes a query of priority BATCH that carries in its metadata which
 * request of which batch it is.
 *
 * @param tenant who pays
 */
public record BatchRow(String tenant, Clock clock) implements RowMapping {

  private static final String CHAT = "/v1/chat/completions";
  private static final int LONGEST_ID = 512;

  @Override
  public Keyed map(ObjectNode row, RowPlace place) throws RowException {
    String custom = row.path("custom_id").asText("");
    if (custom.isBlank() || custom.length() > LONGEST_ID) {
      throw new RowException(
          "\"custom_id\" is missing or longer than " + LONGEST_ID + " characters");
    }
    if (!row.path("method").asText("POST").equals("POST")
        || !row.path("url").asText("").equals(CHAT)) {
      throw new RowException(
          "\"method\" and \"url\" are %s %s; only POST %s is served"
              .formatted(row.path("method"), row.path("url"), CHAT));
    }
    if (!(row.path("body") instanceof ObjectNode body)) {
      throw new RowException("\"body\" must be an object: the request of the chat");
    }
    Query query =
        Query.newBuilder()
            .setId(place.id())
            .setText("")
            .setTenant(tenant)
            .setPriority(Priority.BATCH)
            .setSubmittedAt(Instant.ofEpochMilli(clock.millis()))
            .setMetadata(
                Map.of(BatchKeys.BATCH, BatchKeys.batchOf(place.file()), BatchKeys.REQUEST, custom))
            .build();
    return QueryRow.checked(ChatQuery.of(query, body));
  }
}
