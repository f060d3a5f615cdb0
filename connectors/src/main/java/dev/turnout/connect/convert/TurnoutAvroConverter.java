package dev.turnout.connect.convert;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.serde.AvroDeserializer;
import dev.turnout.serde.AvroSerializer;
import dev.turnout.topic.TopicSchemas;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Turnout's records in the Confluent wire format, for any connector: with it a stock Connect worker
 * needs no converter of Confluent's. Records are read into this version's schemas, whatever version
 * they were written with, so that a sink sees one schema. Bytes pass as they are, for dead letters.
 */
public final class TurnoutAvroConverter implements Converter {
  private static final Map<String, Schema> SCHEMAS =
      TopicSchemas.all().stream()
          .collect(Collectors.toUnmodifiableMap(Schema::getFullName, schema -> schema));

  private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
  private final AvroDeserializer<SpecificRecord> deserializer = new AvroDeserializer<>();

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(
            "schema.registry.url",
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Importance.HIGH,
            "URL of the schema registry, e.g. http://localhost:8081; the keys of Confluent's"
                + " clients for credentials and TLS are read too.");
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    serializer.configure(configs, isKey);
    deserializer.configure(configs, isKey);
  }

  @Override
  public byte @Nullable [] fromConnectData(
      String topic, org.apache.kafka.connect.data.@Nullable Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (!(value instanceof Struct struct)) {
      throw new DataException(
          "topic "
              + topic
              + ": TurnoutAvroConverter writes structs and bytes, not "
              + value.getClass().getSimpleName()
              + "; for keys set key.converter=org.apache.kafka.connect.storage.StringConverter");
    }
    Schema known = SCHEMAS.get(struct.schema().name());
    if (known == null) {
      throw new DataException(
          "topic "
              + topic
              + ": \""
              + struct.schema().name()
              + "\" is no record of Turnout's; those are "
              + SCHEMAS.keySet().stream().sorted().toList());
    }
    return attempt(
        () -> serializer.serialize(topic, (SpecificRecord) ConnectStructs.record(struct, known)));
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
    if (value == null) {
      return SchemaAndValue.NULL;
    }
    SpecificRecord record = attempt(() -> deserializer.deserialize(topic, value));
    return record == null
        ? SchemaAndValue.NULL
        : new SchemaAndValue(ConnectSchemas.of(record.getSchema()), ConnectStructs.of(record));
  }

  private interface Attempt<T> {
    @Nullable T run();
  }

  private static <T> @Nullable T attempt(Attempt<T> attempt) {
    try {
      return attempt.run();
    } catch (RegistryUnavailableException away) {
      // the worker asks again as long as errors.retry.timeout lets it
      throw new RetriableException(away.getMessage(), away);
    } catch (SerializationException broken) {
      throw new DataException(broken.getMessage(), broken);
    } catch (ConnectException ours) {
      throw ours;
    } catch (RuntimeException other) {
      throw new DataException(other.getMessage(), other);
    }
  }
}
