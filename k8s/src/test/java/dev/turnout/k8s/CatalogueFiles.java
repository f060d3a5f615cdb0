package dev.turnout.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.turnout.access.AccessCatalogue;
import dev.turnout.access.Grant;
import dev.turnout.access.Role;
import dev.turnout.app.command.acl.StrimziAcls;
import dev.turnout.app.config.Configuration;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The program's catalogues of topics and rights as the chart's files. What depends on values stands
 * there as a word in capitals, for the templates to replace.
 */
final class CatalogueFiles {

  private static final String PREFIX = "PREFIX";
  private static final String LLM = "LLM";
  private static final String GRADER = "GRADER";
  private static final String ROUTERS = "ROUTERS";
  private static final String LEARNERS = "LEARNERS";
  private static final String CONSOLE = "CONSOLE";

  /** A number of partitions that nobody has; it stands for those of topics with traffic. */
  private static final int TRAFFIC = 9_973;

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private CatalogueFiles() {}

  /** Text by file name. */
  static Map<String, String> texts() {
    return new TreeMap<>(Map.of("topics.yaml", topics(), "acls.yaml", acls()));
  }

  private static String topics() {
    ObjectNode file = YAML.createObjectNode();
    ArrayNode topics = file.putArray("topics");
    for (TopicSpec topic : new TopicCatalogue(PREFIX, TRAFFIC).topics()) {
      ObjectNode one = topics.addObject();
      one.put("name", topic.name().replace(TopicCatalogue.LLM_PLACEHOLDER, LLM));
      if (topic.partitions() != TRAFFIC) {
        one.put("partitions", topic.partitions());
      }
      ObjectNode config = one.putObject("config");
      new TreeMap<>(topic.config()).forEach(config::put);
    }
    return text(file);
  }

  private static String acls() {
    ConnectionSettings connection =
        ConnectionSettings.from(Configuration.of(Map.of("topics.prefix", PREFIX)));
    AccessCatalogue access =
        new AccessCatalogue(
            connection.topics(),
            connection.replyTopics(),
            ROUTERS,
            LEARNERS,
            CONSOLE,
            GRADER,
            true);
    ObjectNode file = YAML.createObjectNode();
    for (Role role : Role.values()) {
      List<Grant> grants = role == Role.WORKER ? access.worker(LLM) : access.of(role);
      StrimziAcls.add(file.putArray(role.name().toLowerCase(Locale.ROOT)), grants);
    }
    return text(file);
  }

  private static String text(ObjectNode file) {
    try {
      return "# From the program's catalogue; CatalogueFilesTest says how.\n"
          + YAML.writeValueAsString(file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
