package dev.turnout.app.command.acl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.access.Grant;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.resource.ResourceType;

/** Rights in the form that a Strimzi user of API version v1 has them. */
public final class StrimziAcls {
  private StrimziAcls() {}

  /** Adds a rule for each grant, in their order. */
  public static void add(ArrayNode acls, List<Grant> grants) {
    for (Grant grant : grants) {
      ObjectNode acl = acls.addObject();
      acl.putObject("resource")
          .put("type", type(grant.resource().resourceType()))
          .put("name", grant.resource().name())
          .put("patternType", grant.resource().patternType().name().toLowerCase(Locale.ROOT));
      ArrayNode operations = acl.putArray("operations");
      grant.operations().forEach(operation -> operations.add(KafkaAclLines.nameOf(operation)));
    }
  }

  private static String type(ResourceType type) {
    return switch (type) {
      case TOPIC -> "topic";
      case GROUP -> "group";
      case TRANSACTIONAL_ID -> "transactionalId";
      default -> throw new IllegalArgumentException("nothing is granted on " + type);
    };
  }
}
