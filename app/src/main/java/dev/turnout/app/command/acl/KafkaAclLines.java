package dev.turnout.app.command.acl;

import dev.turnout.access.Grant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** ACLs as calls of Kafka's own tool, one for each resource. */
record KafkaAclLines(String bootstrapServers) {

  /** Calls that add everything; nothing is asked, and what is there already stays. */
  String text(Principal principal) {
    return "# "
        + principal.purpose()
        + "\n"
        + principal.grants().stream()
            .map(grant -> line(principal, grant) + "\n")
            .collect(Collectors.joining());
  }

  private String line(Principal principal, Grant grant) {
    return "kafka-acls.sh --bootstrap-server "
        + quoted(bootstrapServers)
        + " --command-config admin.properties --add --allow-principal "
        + quoted(principal.name())
        + grant.operations().stream()
            .map(operation -> " --operation " + nameOf(operation))
            .collect(Collectors.joining())
        + " "
        + option(grant.resource().resourceType())
        + " "
        + quoted(grant.resource().name())
        + " --resource-pattern-type "
        + grant.resource().patternType().name().toLowerCase(Locale.ROOT);
  }

  /** As both Kafka's tool and Strimzi write it, e.g. {@code AlterConfigs}. */
  static String nameOf(AclOperation operation) {
    return SecurityUtils.operationName(operation);
  }

  private static String option(ResourceType type) {
    return switch (type) {
      case TOPIC -> "--topic";
      case GROUP -> "--group";
      case TRANSACTIONAL_ID -> "--transactional-id";
      default -> throw new IllegalArgumentException("nothing is granted on " + type);
    };
  }

  /** For a shell: names of groups and principals may hold anything. */
  private static String quoted(String text) {
    return text.matches("[\\w.:,/=@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
