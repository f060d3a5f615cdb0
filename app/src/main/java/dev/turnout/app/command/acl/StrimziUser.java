package dev.turnout.app.command.acl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Locale;

/**
 * ACLs as a Strimzi user of API version v1.
 *
 * @param cluster name of the Kafka resource
 * @param authentication Strimzi's type, e.g. {@code scram-sha-512}
 */
record StrimziUser(String cluster, String authentication) {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  /** One document; several follow each other in one file. */
  String text(Principal principal) {
    ObjectNode user = YAML.createObjectNode();
    user.put("apiVersion", "kafka.strimzi.io/v1").put("kind", "KafkaUser");
    ObjectNode metadata = user.putObject("metadata");
    metadata.put("name", resourceName(principal.user()));
    metadata.putObject("labels").put("strimzi.io/cluster", cluster);
    ObjectNode spec = user.putObject("spec");
    spec.putObject("authentication").put("type", authentication);
    ObjectNode authorization = spec.putObject("authorization").put("type", "simple");
    StrimziAcls.add(authorization.putArray("acls"), principal.grants());
    try {
      return YAML.writeValueAsString(user)
          .replaceFirst("^---\n", "---\n# " + principal.purpose() + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("YAML cannot be written", e);
    }
  }

  /** As Kubernetes takes it: lower case, digits, '-' and '.', and no longer than 253. */
  private static String resourceName(String user) {
    String name = user.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
    return name.replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
  }
}
