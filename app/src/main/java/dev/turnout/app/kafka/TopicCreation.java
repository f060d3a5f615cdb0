package dev.turnout.app.kafka;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Creates an installation's topics, each with its schema and rule in the registry. */
public final class TopicCreation {

  private TopicCreation() {}

  /**
   * What was not there.
   *
   * @param topics names of the topics that were created
   * @param subjects subjects whose schema was registered or whose rule was set
   */
  public record Created(Set<String> topics, Set<String> subjects) {}

  /**
   * Creates what is missing, but no topic of an LLM's requests; of those that are there the schemas
   * are registered too. The topics come first; when the registry fails they are there already, and
   * the call can be made again.
   *
   * @throws KafkaException naming the topic or subject, with the remedy
   */
  public static Created create(ConnectionSettings connection) {
    List<TopicSpec> topics =
        connection.topics().topics().stream().filter(topic -> !topic.perLlm()).toList();
    Set<String> created;
    List<TopicSpec> registered = new ArrayList<>(topics);
    try (Admin admin = Clients.admin(connection.kafka())) {
      created = TopicAdmin.create(admin, topics, connection.replication());
      registered.addAll(requests(admin, connection.topics()));
    }
    return new Created(created, TopicSubjects.at(connection.registry()).register(registered));
  }

  private static List<TopicSpec> requests(Admin admin, TopicCatalogue topics) {
    try {
      return topics.requestsSpecsAmong(admin.listTopics().names().get());
    } catch (ExecutionException e) {
      throw new KafkaException("the topics cannot be listed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Creates what is missing for the requests of these LLMs; as {@link #create}. */
  public static Created createRequests(ConnectionSettings connection, Collection<String> llms) {
    return create(
        connection,
        llms.stream()
            .distinct()
            .flatMap(llm -> connection.topics().requestsSpecs(llm).stream())
            .toList());
  }

  private static Created create(ConnectionSettings connection, List<TopicSpec> topics) {
    Set<String> created;
    try (Admin admin = Clients.admin(connection.kafka())) {
      created = TopicAdmin.create(admin, topics, connection.replication());
    }
    return new Created(created, TopicSubjects.at(connection.registry()).register(topics));
  }
}
