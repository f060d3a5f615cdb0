package dev.turnout.serde;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.registry.SchemaRegistryClient;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Confluent wire format into generated Avro classes, whatever version of the schema the
 * record was written with. Safe for use by several threads.
 *
 * @see AvroSerde
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

  private static final int MOST_READERS = 1_000;

  private final Cache<Integer, DatumReader<T>> readers =
      Caffeine.newBuilder().maximumSize(MOST_READERS).build();
  private @Nullable SchemaRegistryClient registry;
  private @Nullable Class<T> type;

  /** For creation by class name; needs {@link #configure}. */
  public AvroDeserializer() {
    this(null, null);
  }

  /** For one record type; needs {@link #configure}. */
  public AvroDeserializer(Class<T> type) {
    this(type, null);
  }

  /**
   * With a given client, so that nothing must be configured.
   *
   * @param type the generated class; null takes {@code specific.avro.value.type} (or {@code .key.})
   *     or, without it, the class that has the name of the record's own schema
   */
  public AvroDeserializer(@Nullable Class<T> type, @Nullable SchemaRegistryClient registry) {
    this.type = type;
    this.registry = registry;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (registry == null) {
      registry = SchemaRegistryClient.create(configs);
    }
    if (type == null) {
      String key = isKey ? "specific.avro.key.type" : "specific.avro.value.type";
      Object configured = configs.get(key);
      type = configured == null ? null : configuredType(key, configured);
    }
  }

  @SuppressWarnings("unchecked") // the configuration vouches for the type
  private Class<T> configuredType(String key, Object configured) {
    try {
      Class<?> named =
          configured instanceof Class<?> given
              ? given
              : Class.forName(
                  configured.toString(), true, Thread.currentThread().getContextClassLoader());
      return (Class<T>) named.asSubclass(SpecificRecord.class);
    } catch (ClassNotFoundException | ClassCastException wrong) {
      ConfigException failure =
          new ConfigException(key, configured, "not a generated Avro class on the class path");
      failure.initCause(wrong);
      throw failure;
    }
  }

  /**
   * The record; null, a tombstone, stays null.
   *
   * @throws SerializationException if the bytes or their schema id are unusable: the record is
   *     broken and will be again
   * @throws dev.turnout.registry.RegistryUnavailableException if no registry answers: the record is
   *     not to blame and trying later can help
   * @throws dev.turnout.registry.RegistryRefusedException if the registry does not let us in
   */
  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] data) {
    if (data == null) {
      return null;
    }
    int id = WireFormat.schemaId(topic, data);
    DatumReader<T> reader = readers.get(id, this::reader);
    try {
      WireDecoder decoder = new WireDecoder(data, WireFormat.HEADER_BYTES);
      T value = reader.read(null, decoder);
      if (decoder.remaining() > 0) {
        throw new IOException(decoder.remaining() + " bytes are left over after the record");
      }
      return value;
    } catch (IOException | RuntimeException | StackOverflowError broken) {
      // a writer's own types may nest in themselves, and bytes as deep as they are long
      throw new SerializationException(
          "topic "
              + topic
              + ": the record does not fit its schema, id "
              + id
              + ": "
              + (broken instanceof StackOverflowError ? "it nests too deep" : broken.getMessage()),
          broken);
    }
  }

  private DatumReader<T> reader(int id) {
    SchemaRegistryClient client = registry;
    if (client == null) {
      throw new ConfigException("AvroDeserializer is used before configure()");
    }
    Schema written = client.schemaById(id);
    Class<?> target = type == null ? SpecificData.get().getClass(written) : type;
    if (target == null) {
      throw new SerializationException(
          "schema id "
              + id
              + ": no generated class named "
              + written.getFullName()
              + " is on the class path");
    }
    SpecificData model = SpecificData.getForClass(target);
    return new SpecificDatumReader<>(written, model.getSchema(target), model);
  }
}
