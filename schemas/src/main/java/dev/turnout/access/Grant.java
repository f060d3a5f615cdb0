package dev.turnout.access;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What may be done with a resource, or with all whose names begin alike. Operations that Kafka
 * implies are left out: DESCRIBE by READ, WRITE or DELETE, DESCRIBE_CONFIGS by ALTER_CONFIGS.
 *
 * @param resource a topic, group or transactional id
 * @param operations at least one
 */
public record Grant(ResourcePattern resource, Set<AclOperation> operations) {

  /** From every host. */
  public static final String ANY_HOST = "*";

  /** Checks that something is granted; the operations keep the order of their kind. */
  public Grant {
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("nothing is granted on " + resource);
    }
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
  }

  static Grant topic(String name, AclOperation... operations) {
    return of(ResourceType.TOPIC, name, PatternType.LITERAL, operations);
  }

  static Grant topicsFrom(String prefix, AclOperation... operations) {
    return of(ResourceType.TOPIC, prefix, PatternType.PREFIXED, operations);
  }

  static Grant group(String name, AclOperation... operations) {
    return of(ResourceType.GROUP, name, PatternType.LITERAL, operations);
  }

  static Grant groupsFrom(String prefix, AclOperation... operations) {
    return of(ResourceType.GROUP, prefix, PatternType.PREFIXED, operations);
  }

  static Grant transactionsFrom(String prefix) {
    return of(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, AclOperation.WRITE);
  }

  private static Grant of(
      ResourceType type, String name, PatternType pattern, AclOperation... operations) {
    return new Grant(
        new ResourcePattern(type, name, pattern), Set.copyOf(Arrays.asList(operations)));
  }

  /**
   * The grant as Kafka's ACLs, one for each operation.
   *
   * @param principal who is granted it, e.g. {@code User:router}
   */
  public List<AclBinding> bindings(String principal) {
    return operations.stream()
        .map(
            operation ->
                new AclBinding(
                    resource,
                    new AccessControlEntry(
                        principal, ANY_HOST, operation, AclPermissionType.ALLOW)))
        .toList();
  }
}
