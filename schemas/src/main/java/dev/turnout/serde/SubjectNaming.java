package dev.turnout.serde;

import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Which subject of the registry a record's schema belongs to. */
enum SubjectNaming {
  /** {@code <topic>-key} or {@code <topic>-value}: one record type a topic. */
  TOPIC("TopicNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return topic + (isKey ? "-key" : "-value");
    }
  },
  /** The record's full name: one schema history across all topics. */
  RECORD("RecordNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return schema.getFullName();
    }
  },
  /** {@code <topic>-<record's full name>}: several record types a topic. */
  TOPIC_RECORD("TopicRecordNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return topic + "-" + schema.getFullName();
    }
  };

  private final String className;

  SubjectNaming(String className) {
    this.className = className;
  }

  abstract String subject(String topic, boolean isKey, Schema schema);

  String className() {
    return className;
  }

  /** By simple or full name of Confluent's class. */
  static SubjectNaming named(String key, String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    for (SubjectNaming naming : values()) {
      if (naming.className.equals(simple)) {
        return naming;
      }
    }
    throw new ConfigException(
        key,
        name,
        "choose TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy, or name another"
            + " serde by "
            + AvroSerdes.SERDE_CLASS_CONFIG);
  }
}
