package dev.turnout.topic;

import org.jspecify.annotations.Nullable;

/**
 * How large the values of one topic may be.
 *
 * @param value bytes of a value at most, as readers get it: uncompressed
 */
public record ValueLimit(int value) {

  /**
   * What the topic must take, as its {@code max.message.bytes}: the largest value with the largest
   * key and headers, uncompressed, in whole MiB.
   */
  public int maxMessageBytes() {
    return RecordLimits.wholeMebibytes(
        value + RecordLimits.KEY + RecordLimits.HEADERS + RecordLimits.OVERHEAD);
  }

  /**
   * What is too much about a value; null if it keeps to the limit, or there is none.
   *
   * @return e.g. {@code the value has 6291456 bytes, the limit is 3407872}
   */
  public @Nullable String excess(byte @Nullable [] bytes) {
    return bytes == null || bytes.length <= value
        ? null
        : "the value has " + bytes.length + " bytes, the limit is " + value;
  }
}
