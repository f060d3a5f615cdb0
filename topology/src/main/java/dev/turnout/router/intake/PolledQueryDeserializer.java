package dev.turnout.router.intake;

import dev.turnout.router.encode.EncodedQueryHeader;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the interceptor's live object out of the headers before anything that might throw sees the
 * record, so that no dead-letter record can copy it. Decodes nothing and never fails.
 */
public final class PolledQueryDeserializer implements Deserializer<PolledQuery> {

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
    return new PolledQuery(data, header instanceof EncodedQueryHeader prepared ? prepared : null);
  }
}
