package dev.turnout.app.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints every key with its default and what it does, as a YAML file to start from. */
public final class ExampleConfig {

  private static final Map<String, String> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put(
        "kafka", "Any Kafka client setting may stand here, e.g. security.protocol: SASL_SSL");
    SECTIONS.put(
        "registry", "Confluent's serialiser settings may stand here, e.g. basic.auth.user.info");
    SECTIONS.put("topics", "Names and creation of topics");
    SECTIONS.put("encoder", "What turns a query into a vector");
    SECTIONS.put("router", "turnout router");
    SECTIONS.put("learner", "turnout learner");
    SECTIONS.put("worker", "turnout worker");
    SECTIONS.put("grader", "turnout grader");
    SECTIONS.put("gateway", "turnout gateway");
    SECTIONS.put("metrics", "All roles");
  }

  private ExampleConfig() {}

  public static String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Turnout's configuration: every key with its default.\n");
    text.append(
        "# An environment variable wins over this file: router.policy is TURNOUT_ROUTER_POLICY.\n");
    text.append("# ${NAME} in a value is replaced by the environment variable NAME.\n");
    for (Map.Entry<String, String> section : SECTIONS.entrySet()) {
      text.append("\n# ").append(section.getValue()).append('\n');
      text.append(section.getKey()).append(":\n");
      for (ConfigKey key : ConfigKeys.ALL) {
        if (key.section().equals(section.getKey())) {
          text.append("  # ")
              .append(key.doc())
              .append(" (")
              .append(key.kind().expectation())
              .append(")\n");
          text.append("  ").append(key.name().substring(key.section().length() + 1)).append(": ");
          text.append(quoted(key.defaultValue())).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String quoted(String value) {
    return value.isEmpty() || value.contains(": ") ? "\"" + value + "\"" : value;
  }
}
