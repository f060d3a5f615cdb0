package dev.turnout.serde;

import dev.turnout.registry.SchemaRegistryClient;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Generated Avro records in the Confluent wire format: byte 0, four bytes of schema id, Avro
 * binary. Configured under the keys of Confluent's own serdes ({@code auto.register.schemas},
 * {@code use.latest.version}, {@code latest.compatibility.strict}, {@code
 * key.subject.name.strategy}, {@code value.subject.name.strategy}) and by those of {@link
 * dev.turnout.registry.rest.RegistrySettings}.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {

  private final AvroSerializer<T> serializer;
  private final AvroDeserializer<T> deserializer;

  /** For creation by class name: the record type comes with the configuration or the schema. */
  public AvroSerde() {
    this(null, null);
  }

  /** For one record type; needs {@link #configure}. */
  public AvroSerde(Class<T> type) {
    this(type, null);
  }

  /** For one record type, with a given client, so that nothing must be configured. */
  public AvroSerde(@Nullable Class<T> type, @Nullable SchemaRegistryClient registry) {
    this.serializer = new AvroSerializer<>(registry);
    this.deserializer = new AvroDeserializer<>(type, registry);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    serializer.configure(configs, isKey);
    deserializer.configure(configs, isKey);
  }

  @Override
  public Serializer<T> serializer() {
    return serializer;
  }

  @Override
  public Deserializer<T> deserializer() {
    return deserializer;
  }
}
