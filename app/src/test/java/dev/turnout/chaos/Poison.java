package dev.turnout.chaos;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Query;
import dev.turnout.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records that nobody can use, by what is wrong with them and the topic they come on. */
enum Poison {
  NULL_QUERY(On.QUERIES),
  EMPTY_QUERY(On.QUERIES),
  UNDECODABLE_QUERY(On.QUERIES),
  UNKNOWN_SCHEMA_QUERY(On.QUERIES),
  TRUNCATED_QUERY(On.QUERIES),
  BLANK_ID_QUERY(On.QUERIES),
  LONG_ID_QUERY(On.QUERIES),
  EMPTY_TEXT_QUERY(On.QUERIES),
  BINARY_TEXT_QUERY(On.QUERIES),
  HUGE_TEXT_QUERY(On.QUERIES),
  HUGE_METADATA_QUERY(On.QUERIES),
  UNDECODABLE_GRADE(On.FEEDBACK),
  NAN_GRADE(On.FEEDBACK),
  UNKNOWN_QUERY_GRADE(On.FEEDBACK),
  UNDECODABLE_REQUEST(On.REQUESTS),
  UNDECODABLE_OUTCOME(On.OUTCOMES),
  UNDECODABLE_DECISION(On.DECISIONS);

  private static final int TOO_LONG_ID = 100_000;
  private static final int HUGE_TEXT = 2 << 20;
  private static final int HUGE_METADATA = 12 << 20;

  private enum On {
    QUERIES,
    FEEDBACK,
    REQUESTS,
    OUTCOMES,
    DECISIONS
  }

  private final On on;

  Poison(On on) {
    this.on = on;
  }

  String topic(TopicCatalogue topics) {
    return switch (on) {
      case QUERIES -> topics.queries();
      case FEEDBACK -> topics.feedback();
      case REQUESTS -> topics.requests(Installation.LLMS.get(0));
      case OUTCOMES -> topics.outcomes();
      case DECISIONS -> topics.decisions();
    };
  }

  /** Whether a dead letter must tell of it; what is on a topic of Turnout's own is only logged. */
  boolean endsInDeadLetter() {
    return this != UNDECODABLE_OUTCOME && this != UNDECODABLE_DECISION;
  }

  /**
   * Its bytes.
   *
   * @param queries encodes a query
   * @param grades encodes a grade
   * @param id of the query, and what the bytes are drawn from
   */
  byte @Nullable [] value(
      Function<Query, byte[]> queries, Function<Grade, byte[]> grades, String id) {
    return switch (this) {
      case NULL_QUERY -> null;
      case EMPTY_QUERY -> new byte[0];
      case UNDECODABLE_QUERY,
          UNDECODABLE_GRADE,
          UNDECODABLE_REQUEST,
          UNDECODABLE_OUTCOME,
          UNDECODABLE_DECISION ->
          garbage(id, 200);
      case UNKNOWN_SCHEMA_QUERY -> ByteBuffer.allocate(20).put((byte) 0).putInt(987_654).array();
      case TRUNCATED_QUERY -> {
        byte[] whole = queries.apply(Traffic.query(id));
        yield ByteBuffer.allocate(whole.length / 2).put(whole, 0, whole.length / 2).array();
      }
      case BLANK_ID_QUERY -> query(queries, Query.newBuilder(Traffic.query(id)).setId(" "));
      case LONG_ID_QUERY ->
          query(queries, Query.newBuilder(Traffic.query(id)).setId("i".repeat(TOO_LONG_ID)));
      case EMPTY_TEXT_QUERY -> query(queries, Query.newBuilder(Traffic.query(id)).setText(""));
      case BINARY_TEXT_QUERY ->
          query(queries, Query.newBuilder(Traffic.query(id)).setText("\u0001\u0002".repeat(100)));
      case HUGE_TEXT_QUERY ->
          query(
              queries,
              Query.newBuilder(Traffic.query(id)).setText("long text ".repeat(HUGE_TEXT / 10)));
      // fits its topic compressed, as it travels, and nothing when it is unpacked
      case HUGE_METADATA_QUERY ->
          query(
              queries,
              Query.newBuilder(Traffic.query(id))
                  .setMetadata(Map.of("blob", "again ".repeat(HUGE_METADATA / 6))));
      case NAN_GRADE -> grades.apply(Traffic.grade(id, "alpha", Double.NaN));
      case UNKNOWN_QUERY_GRADE -> grades.apply(Traffic.grade(id, "alpha", 0.5));
    };
  }

  private static byte[] query(Function<Query, byte[]> queries, Query.Builder query) {
    return queries.apply(query.build());
  }

  private static byte[] garbage(String seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed.hashCode()).nextBytes(bytes);
    bytes[0] = 7; // not the wire format's magic byte
    return bytes;
  }
}
