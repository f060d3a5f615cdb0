package dev.turnout.app.config;

import java.util.HashMap;
import java.util.Map;

/**
 * How to reach the schema registry.
 *
 * @param url one or several with commas
 * @param further Confluent's serialiser settings, e.g. {@code basic.auth.user.info}, and {@code
 *     turnout.serde.class}
 */
public record RegistryConfig(String url, Map<String, String> further) {
  public RegistryConfig {
    further = Map.copyOf(further);
  }

  static RegistryConfig from(ConfigValues values) {
    return new RegistryConfig(values.text("registry.url"), values.further("registry"));
  }

  /** The settings as the serialisers take them. */
  public Map<String, Object> serdeSettings() {
    Map<String, Object> settings = new HashMap<>(further);
    settings.put("schema.registry.url", url);
    return settings;
  }

  /** Names only: the further settings may hold passwords. */
  @Override
  public String toString() {
    return "RegistryConfig[" + url + ", " + further.keySet() + "]";
  }
}
