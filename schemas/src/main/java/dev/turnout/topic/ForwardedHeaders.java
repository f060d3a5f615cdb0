package dev.turnout.topic;

import java.util.Collection;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Which of a producer's headers go on with the records that are made of its own; all others stay
 * behind, since every record that they are copied to would have to have room for them.
 *
 * @param names keys of the headers that go on
 */
public record ForwardedHeaders(Set<String> names) {

  /** Freezes the names. */
  public ForwardedHeaders {
    names = Set.copyOf(names);
  }

  /** The headers of these names. */
  public static ForwardedHeaders named(Collection<String> names) {
    return new ForwardedHeaders(Set.copyOf(names));
  }

  /** Those of a record's headers that go on, in their order; the record's own stay as they are. */
  public Headers of(Headers headers) {
    Headers forwarded = new RecordHeaders();
    for (Header header : headers) {
      if (names.contains(header.key())) {
        forwarded.add(header);
      }
    }
    return forwarded;
  }
}
