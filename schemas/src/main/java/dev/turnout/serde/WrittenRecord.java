package dev.turnout.serde;

import dev.turnout.registry.SchemaRegistryClient;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A value in the Confluent wire format as it was written, whatever its schema: for people who look
 * at a record that nobody could use.
 *
 * @param schemaId id in the registry
 * @param schema the writer's
 * @param value generic Avro data
 */
public record WrittenRecord(int schemaId, Schema schema, Object value) {

  /**
   * Reads a value.
   *
   * @param topic for messages
   * @throws SerializationException if the bytes or their schema id are unusable
   * @throws dev.turnout.registry.RegistryUnavailableException if no registry answers
   * @throws dev.turnout.registry.RegistryRefusedException if the registry does not let us in
   */
  public static WrittenRecord read(String topic, byte[] data, SchemaRegistryClient registry) {
    int id = WireFormat.schemaId(topic, data);
    Schema schema = registry.schemaById(id);
    try {
      WireDecoder decoder = new WireDecoder(data, WireFormat.HEADER_BYTES);
      Object value = new GenericDatumReader<>(schema).read(null, decoder);
      if (decoder.remaining() > 0) {
        throw new IOException(decoder.remaining() + " bytes are left over after the record");
      }
      return new WrittenRecord(id, schema, value);
    } catch (IOException | RuntimeException broken) {
      throw new SerializationException(
          "topic "
              + topic
              + ": the record does not fit its schema, id "
              + id
              + ": "
              + broken.getMessage(),
          broken);
    }
  }

  /** The value as JSON, by Avro's rules. */
  public String json() {
    return GenericData.get().toString(value);
  }
}
