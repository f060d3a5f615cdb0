package dev.turnout.serde;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.registry.SchemaRegistryClient;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes generated Avro records in the Confluent wire format. Safe for use by several threads.
 *
 * @see AvroSerde
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {

  private static final int MOST_WRITERS = 1_000;

  private final Cache<Target, RecordWriter> writers =
      Caffeine.newBuilder().maximumSize(MOST_WRITERS).build();
  private @Nullable SchemaRegistryClient registry;
  private SerdeSettings settings = new SerdeSettings(true, false, true, SubjectNaming.TOPIC);
  private boolean isKey;

  private record Target(String topic, Class<?> type) {}

  /** For creation by class name; needs {@link #configure}. */
  public AvroSerializer() {
    this(null);
  }

  /** With a given client; {@link #configure} then only changes the settings. */
  public AvroSerializer(@Nullable SchemaRegistryClient registry) {
    this.registry = registry;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean key) {
    isKey = key;
    settings = SerdeSettings.from(configs, key);
    if (registry == null) {
      registry = SchemaRegistryClient.create(configs);
    }
  }

  /**
   * The record's bytes; null stays null, a tombstone.
   *
   * @throws SerializationException if the record breaks its own schema, e.g. a required field is
   *     null
   * @throws dev.turnout.registry.RegistryUnavailableException if the schema's id is not known yet
   *     and no registry answers
   * @throws dev.turnout.registry.RegistryRefusedException if the registry refuses the schema
   */
  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T data) {
    if (data == null) {
      return null;
    }
    RecordWriter writer =
        writers.get(new Target(topic, data.getClass()), target -> writer(target, data));
    try {
      return writer.write(data);
    } catch (IOException | RuntimeException broken) {
      throw new SerializationException(
          "topic "
              + topic
              + ": a "
              + data.getSchema().getFullName()
              + " does not fit its own schema: "
              + broken.getMessage(),
          broken);
    }
  }

  private RecordWriter writer(Target target, T sample) {
    SchemaRegistryClient client = registry;
    if (client == null) {
      throw new ConfigException("AvroSerializer is used before configure()");
    }
    Schema own = sample.getSchema();
    String subject = settings.naming().subject(target.topic(), isKey, own);
    if (settings.autoRegister()) {
      return RecordWriter.own(sample, client.register(subject, own));
    }
    if (settings.useLatest()) {
      return RecordWriter.latest(sample, client.latest(subject), settings.latestStrict());
    }
    return RecordWriter.own(sample, client.idOf(subject, own));
  }
}
