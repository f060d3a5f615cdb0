package dev.turnout.registry;

import dev.turnout.registry.rest.RegistrySettings;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What the serdes need from a Schema Registry. Safe for use by several threads.
 *
 * <p>Every method may throw {@link RegistryUnavailableException} (nobody answered; trying later can
 * help) and {@link RegistryRefusedException} (the registry answered and will say the same again).
 */
public interface SchemaRegistryClient {

  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @return the schema's global id
   * @throws RegistryRefusedException if the schema is incompatible with the subject's earlier ones
   */
  int register(String subject, Schema schema);

  /**
   * Finds a schema that must already be registered under the subject.
   *
   * @return the schema's global id
   * @throws UnknownSchemaException if the subject is unknown or does not hold the schema
   */
  int idOf(String subject, Schema schema);

  /**
   * The schema of a global id.
   *
   * @throws UnknownSchemaException if the registry does not know the id: a record that carries it
   *     can never be read
   */
  Schema schemaById(int id);

  /**
   * The latest version of a subject.
   *
   * @throws UnknownSchemaException if the subject is unknown
   */
  RegisteredSchema latest(String subject);

  /**
   * The compatibility rule set for a subject itself, e.g. {@code BACKWARD}; empty where the
   * registry's general rule applies.
   */
  Optional<String> compatibility(String subject);

  /**
   * Sets a subject's compatibility rule.
   *
   * @throws RegistryRefusedException if the registry does not let us, or keeps rules only for
   *     subjects that hold a schema already
   */
  void compatibility(String subject, String level);

  /**
   * The client that a configuration describes: the keys of {@link RegistrySettings}. Equal settings
   * share one client with its caches and connections; a URL {@code mock://name} stands for a
   * registry within this process, shared by everything that names it, for tests.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is wrong
   */
  static SchemaRegistryClient create(Map<String, ?> config) {
    return SharedClients.get(RegistrySettings.from(config));
  }

  /**
   * As {@link #create}, but remembers nothing: for whoever wants to know what stands there now.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is wrong
   */
  static SchemaRegistryClient direct(Map<String, ?> config) {
    return SharedClients.open(RegistrySettings.from(config));
  }
}
