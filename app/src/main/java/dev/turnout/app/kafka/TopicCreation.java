package dev.turnout.app.kafka;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.kafka.Clients;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicSpec;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

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
   * Creates what is missing, for all topics but those of the LLMs' requests. The topics come first;
   * when the registry fails they are there already, and the call can be made again.
   *
   * @throws org.apache.kafka.common.KafkaException naming the topic or subject, with the remedy
   */
  public static Created create(ConnectionSettings connection) {
    return create(
        connection,
        connection.topics().topics().stream().filter(topic -> !topic.perLlm()).toList());
  }

  /** Creates what is missing for the requests of these LLMs; as {@link #create}. */
  public static Created createRequests(ConnectionSettings connection, Collection<String> llms) {
    return create(
        connection, llms.stream().distinct().map(connection.topics()::requestsSpec).toList());
  }

  private static Created create(ConnectionSettings connection, List<TopicSpec> topics) {
    Set<String> created;
    try (Admin admin = Clients.admin(connection.kafka())) {
      created = TopicAdmin.create(admin, topics, connection.replication());
    }
    return new Created(created, TopicSubjects.at(connection.registry()).register(topics));
  }
}
