package dev.turnout.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;

/** Where every part of Turnout gets its Avro serdes. */
public final class AvroSerdes {

  /**
   * Configuration key naming another {@link Serde} class to use for Avro records, found on the
   * class path, e.g. Confluent's {@code io.confluent.kafka.streams.serdes.avro.SpecificAvroSerde}.
   */
  public static final String SERDE_CLASS_CONFIG = "turnout.serde.class";

  private AvroSerdes() {}

  /** A configured serde for record values. */
  public static <T extends SpecificRecord> Serde<T> of(Class<T> type, Map<String, ?> config) {
    return of(type, config, false);
  }

  /**
   * A configured serde: {@link AvroSerde}, unless {@value #SERDE_CLASS_CONFIG} names another.
   *
   * @param type the generated class
   * @param config keys of {@link AvroSerde}; any other key is ignored
   * @param isKey whether it serves record keys
   * @throws ConfigException naming the key that is missing or wrong
   */
  public static <T extends SpecificRecord> Serde<T> of(
      Class<T> type, Map<String, ?> config, boolean isKey) {
    Object other = config.get(SERDE_CLASS_CONFIG);
    if (other == null || other.toString().isBlank()) {
      AvroSerde<T> serde = new AvroSerde<>(type);
      serde.configure(config, isKey);
      return serde;
    }
    Serde<T> serde = foreign(other);
    Map<String, Object> extended = new HashMap<>(config);
    extended.put("specific.avro.reader", true);
    extended.put(isKey ? "specific.avro.key.type" : "specific.avro.value.type", type);
    serde.configure(extended, isKey);
    return serde;
  }

  @SuppressWarnings("unchecked") // the configuration vouches for the type
  private static <T> Serde<T> foreign(Object name) {
    try {
      return name instanceof Class<?> type
          ? (Serde<T>) Utils.newInstance(type, Serde.class)
          : (Serde<T>) Utils.newInstance(name.toString(), Serde.class);
    } catch (ClassNotFoundException | ClassCastException | KafkaException unusable) {
      ConfigException failure =
          new ConfigException(
              SERDE_CLASS_CONFIG,
              name,
              "not a Serde class on the class path with a public no-argument constructor ("
                  + unusable.getMessage()
                  + ")");
      failure.initCause(unusable);
      throw failure;
    }
  }
}
