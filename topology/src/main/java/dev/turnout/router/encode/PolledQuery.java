package dev.turnout.router.encode;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A record of the queries topic as the processor gets it.
 *
 * @param raw the value's bytes as published; null for a tombstone
 * @param header what the interceptor left; null when it could not do its work
 */
public record PolledQuery(byte @Nullable [] raw, @Nullable EncodedQueryHeader header) {

  /**
   * Takes the interceptor's live object out of the headers before anything that might throw sees
   * the record, so that no dead letter can copy it. Decodes nothing and never fails.
   */
  public static final class ValueDeserializer implements Deserializer<PolledQuery> {

    @Override
    public PolledQuery deserialize(String topic, byte @Nullable [] data) {
      return new PolledQuery(data, null);
    }

    @Override
    public PolledQuery deserialize(String topic, Headers headers, byte @Nullable [] data) {
      Header header = headers.lastHeader(EncodedQueryHeader.KEY);
      if (header == null) {
        return new PolledQuery(data, null);
      }
      headers.remove(EncodedQueryHeader.KEY);
      // A producer may have used the key for a header of its own: bytes are no live object.
      return new PolledQuery(data, header instanceof EncodedQueryHeader live ? live : null);
    }
  }
}
