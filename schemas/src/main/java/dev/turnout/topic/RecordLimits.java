package dev.turnout.topic;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * How large the records of every topic may be, and all that follows from it: what topics and Kafka
 * Streams' internal ones must take, and what producers may send.
 *
 * <p>What holds: nothing that keeps to its limits can become something that a later topic refuses.
 * A request is a query and its decision; an outcome is of a request and an answer; a sample of a
 * decision and a grade; a dead letter carries any of them whole and of anything larger a reference.
 * Each limit below leaves room for the largest record that can be made of records that keep to
 * theirs. A test fills every field of every schema to its {@linkplain FieldLimits limit} and proves
 * it with the bytes.
 *
 * <p>A limit is meant for what readers get, uncompressed. Kafka's {@code max.message.bytes} is for
 * what producers send, compressed, so it alone does not keep a value small.
 *
 * <p>Consumers need no limit of their own: Kafka's fetch sizes are no more than hints, and a record
 * that is larger is delivered all the same (KIP-74).
 */
public final class RecordLimits {
  private static final int KIB = 1024;
  private static final int MIB = KIB * KIB;

  /** Largest key; that of most records is a query's id, of state stores several ids. */
  public static final int KEY = 4 * KIB;

  /** Largest headers of a record, names and values together. */
  public static final int HEADERS = 64 * KIB;

  /** What a record takes besides, with its batch and what a dead letter adds. */
  static final int OVERHEAD = 8 * KIB;

  /**
   * Queries: the largest text, chat and metadata, and 768 KiB for the conversation and the rest.
   */
  public static final ValueLimit QUERY =
      new ValueLimit(FieldLimits.TEXT + FieldLimits.CHAT + FieldLimits.METADATA + 768 * KIB);

  /** Decisions, with the embedding and the ranking of all LLMs. */
  public static final ValueLimit DECISION = new ValueLimit(512 * KIB);

  /** Requests: a query, its decision, and which LLMs were asked before. */
  public static final ValueLimit REQUEST =
      new ValueLimit(QUERY.value() + DECISION.value() + 128 * KIB);

  /** Outcomes: the question and what came of it, but not the whole request. */
  public static final ValueLimit OUTCOME =
      new ValueLimit(
          FieldLimits.TEXT
              + FieldLimits.METADATA
              + FieldLimits.ANSWER
              + FieldLimits.RESPONSE
              + 768 * KIB);

  /** Replies to a gateway: an outcome and its decision, or pieces of an answer. */
  public static final ValueLimit REPLY = new ValueLimit(OUTCOME.value() + DECISION.value());

  /** Cancellations, and what workers say of their LLMs. */
  public static final ValueLimit SIGNAL = new ValueLimit(16 * KIB);

  /** Grades. */
  public static final ValueLimit GRADE = new ValueLimit(64 * KIB);

  /** Training samples: what is of use in a decision and its grade. */
  public static final ValueLimit SAMPLE = new ValueLimit(DECISION.value() + GRADE.value());

  /** Posteriors of all LLMs in all cells. */
  public static final ValueLimit POSTERIOR = new ValueLimit(MIB + 512 * KIB);

  /** Chunks and events of router models. */
  public static final ValueLimit MODEL =
      new ValueLimit(FieldLimits.MODEL_CHUNK + FieldLimits.REPORT + 32 * KIB);

  /** Profiles of LLMs. */
  public static final ValueLimit LLM = new ValueLimit(64 * KIB);

  /** Keys of the gateway. */
  public static final ValueLimit API_KEY = new ValueLimit(128 * KIB);

  /** Tenants, movements of their money, and what they have left. */
  public static final ValueLimit TENANT = new ValueLimit(16 * KIB);

  /** What a dead letter carries of a value: the largest one that keeps to its limit. */
  public static final ValueLimit DEAD_LETTER = REPLY;

  /** Body of an HTTP request to the gateway. */
  public static final int HTTP_BODY = FieldLimits.CHAT;

  /** Largest {@code max.message.bytes} of a topic; internal topics of Kafka Streams have it too. */
  public static final int LARGEST_MESSAGE = DEAD_LETTER.maxMessageBytes();

  /** What a header takes besides its name and value: two lengths. */
  private static final int HEADER_OVERHEAD = 10;

  private RecordLimits() {}

  /** Bytes of a record's headers, names and values together. */
  public static long size(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += size(header);
    }
    return bytes;
  }

  static long size(Header header) {
    byte[] value = header.value();
    return HEADER_OVERHEAD + BoundedText.bytes(header.key()) + (value == null ? 0 : value.length);
  }

  /**
   * What is too much about a record's headers; null if they keep to the limit.
   *
   * @return e.g. {@code the headers have 2621440 bytes, the limit is 65536}
   */
  public static @Nullable String excess(Headers headers) {
    long bytes = size(headers);
    return bytes <= HEADERS
        ? null
        : "the headers have " + bytes + " bytes, the limit is " + HEADERS;
  }

  static int wholeMebibytes(int bytes) {
    return (bytes + MIB - 1) / MIB * MIB;
  }
}
