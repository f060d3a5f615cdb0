package dev.turnout.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How records meet the registry, under the configuration keys of Confluent's own serdes.
 *
 * @param autoRegister register a schema that the registry does not have
 * @param useLatest write with the subject's latest schema instead of the program's own
 * @param latestStrict refuse a latest schema that cannot take the program's records
 * @param naming which subject a record's schema is registered under
 */
record SerdeSettings(
    boolean autoRegister, boolean useLatest, boolean latestStrict, SubjectNaming naming) {

  static final String AUTO_REGISTER = "auto.register.schemas";
  static final String USE_LATEST = "use.latest.version";
  static final String LATEST_STRICT = "latest.compatibility.strict";
  static final String KEY_NAMING = "key.subject.name.strategy";
  static final String VALUE_NAMING = "value.subject.name.strategy";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              AUTO_REGISTER,
              ConfigDef.Type.BOOLEAN,
              true,
              Importance.MEDIUM,
              "Register a schema that the registry does not have.")
          .define(
              USE_LATEST,
              ConfigDef.Type.BOOLEAN,
              false,
              Importance.MEDIUM,
              "Write with the subject's latest schema; needs auto.register.schemas=false.")
          .define(
              LATEST_STRICT,
              ConfigDef.Type.BOOLEAN,
              true,
              Importance.LOW,
              "Refuse a latest schema that cannot take the program's records.")
          .define(
              KEY_NAMING,
              ConfigDef.Type.STRING,
              SubjectNaming.TOPIC.className(),
              Importance.LOW,
              "Subject of key schemas: TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy.")
          .define(
              VALUE_NAMING,
              ConfigDef.Type.STRING,
              SubjectNaming.TOPIC.className(),
              Importance.LOW,
              "Subject of value schemas: TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy.");

  /**
   * Reads the settings out of a client's configuration.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is wrong
   */
  static SerdeSettings from(Map<String, ?> config, boolean isKey) {
    Map<String, Object> known = new HashMap<>();
    for (String name : DEFINITION.names()) {
      Object value = config.get(name);
      if (value != null) {
        known.put(name, value instanceof Class<?> type ? type.getName() : value);
      }
    }
    AbstractConfig parsed = new AbstractConfig(DEFINITION, known, false);
    String namingKey = isKey ? KEY_NAMING : VALUE_NAMING;
    return new SerdeSettings(
        parsed.getBoolean(AUTO_REGISTER),
        parsed.getBoolean(USE_LATEST),
        parsed.getBoolean(LATEST_STRICT),
        SubjectNaming.named(namingKey, parsed.getString(namingKey)));
  }
}
