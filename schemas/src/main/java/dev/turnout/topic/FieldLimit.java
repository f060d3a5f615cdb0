package dev.turnout.topic;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much one field of a record may hold.
 *
 * @param entries most elements of an array or a map; 1 for a single value
 * @param bytes most bytes of all its texts together, in UTF-8, a map's keys among them; of numbers
 *     and records, whose size is known, 0
 */
public record FieldLimit(int entries, int bytes) {

  /** One text, or bytes. */
  static FieldLimit single(int bytes) {
    return new FieldLimit(1, bytes);
  }

  /** An array of numbers or records. */
  static FieldLimit entries(int most) {
    return new FieldLimit(most, 0);
  }

  /** An array of texts, each of which may be as long as the others leave room for. */
  static FieldLimit texts(int most, int bytesEach) {
    return new FieldLimit(most, Math.multiplyExact(most, bytesEach));
  }

  /**
   * What is too much about a value, to follow its name.
   *
   * @param value text, bytes, array or map
   * @return e.g. {@code has 2097153 bytes, the limit is 2097152}; null if the value keeps to the
   *     limit
   */
  @Nullable String excess(Object value) {
    int found =
        value instanceof Collection<?> items
            ? items.size()
            : value instanceof Map<?, ?> map ? map.size() : 1;
    if (found > entries) {
      return "has " + found + " entries, the limit is " + entries;
    }
    // a char takes three bytes at most, so most texts need no counting
    if (value instanceof CharSequence text && text.length() <= bytes / 3) {
      return null;
    }
    long size = bytes(value);
    return size > bytes ? "has " + size + " bytes, the limit is " + bytes : null;
  }

  private static long bytes(Object value) {
    if (value instanceof CharSequence text) {
      return BoundedText.bytes(text);
    }
    if (value instanceof ByteBuffer buffer) {
      return buffer.remaining();
    }
    long bytes = 0;
    if (value instanceof Collection<?> items) {
      for (Object item : items) {
        bytes += bytes(item);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        bytes += bytes(entry.getKey()) + bytes(entry.getValue());
      }
    }
    return bytes;
  }
}
