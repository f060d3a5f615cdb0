package dev.turnout.serde;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** The Confluent wire format's header: byte 0, then the schema id, 4 bytes, big-endian. */
final class WireFormat {

  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private WireFormat() {}

  /** The schema id of a record; says what is wrong with bytes that are not in this format. */
  static int schemaId(String topic, byte[] bytes) {
    @Nullable ForeignFormat foreign = ForeignFormat.of(bytes);
    if (foreign != null) {
      throw new SerializationException("topic " + topic + ": the record " + foreign.found(bytes));
    }
    if (bytes.length < HEADER_BYTES) {
      throw new SerializationException(
          "topic "
              + topic
              + ": the record has "
              + bytes.length
              + " bytes, too few for the Confluent wire format's 5-byte header");
    }
    if (bytes[0] != MAGIC) {
      throw new SerializationException(
          "topic "
              + topic
              + ": the record begins with byte 0x"
              + Integer.toHexString(bytes[0] & 0xff)
              + " instead of 0x0, so it is not in the Confluent wire format;"
              + " write it with a Schema Registry serialiser (Apicurio's writes its id into the"
              + " record's headers unless apicurio.registry.headers.enabled is false)");
    }
    return ByteBuffer.wrap(bytes, 1, 4).getInt();
  }
}
