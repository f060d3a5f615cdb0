package dev.turnout.app.role;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** Reads ACLs from calls of Kafka's own tool, as the tool would. */
final class PrintedRights {
  private PrintedRights() {}

  static List<AclBinding> read(String text) {
    List<AclBinding> acls = new ArrayList<>();
    text.lines()
        .filter(line -> line.startsWith("kafka-acls.sh"))
        .forEach(line -> acls.addAll(read(line.split(" "))));
    return acls;
  }

  private static List<AclBinding> read(String[] words) {
    Map<String, List<String>> options = new HashMap<>();
    for (int i = 0; i < words.length - 1; i++) {
      options.computeIfAbsent(words[i], option -> new ArrayList<>()).add(words[i + 1]);
    }
    ResourceType type =
        Stream.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)
            .filter(each -> options.containsKey(option(each)))
            .findFirst()
            .orElseThrow();
    ResourcePattern resource =
        new ResourcePattern(
            type,
            first(options, option(type)),
            PatternType.fromString(
                first(options, "--resource-pattern-type").toUpperCase(Locale.ROOT)));
    return options.getOrDefault("--operation", List.of()).stream()
        .map(
            operation ->
                new AclBinding(
                    resource,
                    new AccessControlEntry(
                        first(options, "--allow-principal"),
                        "*",
                        SecurityUtils.operation(operation),
                        AclPermissionType.ALLOW)))
        .toList();
  }

  private static String first(Map<String, List<String>> options, String option) {
    return options.getOrDefault(option, List.of()).stream().findFirst().orElseThrow();
  }

  private static String option(ResourceType type) {
    return "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
