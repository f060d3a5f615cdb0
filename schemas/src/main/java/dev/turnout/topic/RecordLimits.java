package dev.turnout.topic;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** How large records and what is in them may be, in bytes as readers get them: uncompressed. */
public final class RecordLimits {
  private static final int KIB = 1024;
  private static final int MIB = KIB * KIB;

  /** Largest value that a dead letter carries; of a larger one it carries a reference. */
  public static final int DEAD_LETTER_VALUE = 6 * MIB;

  /** Largest key that a dead letter carries. */
  public static final int DEAD_LETTER_KEY = 4 * KIB;

  /** Largest headers of a record, names and values together. */
  public static final int HEADERS = 64 * KIB;

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
}
