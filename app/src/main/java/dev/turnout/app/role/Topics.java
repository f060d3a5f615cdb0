package dev.turnout.app.role;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.topic.TopicAdmin;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics where the configuration asks for it. */
final class Topics {

  private Topics() {}

  static void createIfWished(ConnectionSettings connection) {
    if (connection.createTopics()) {
      try (Admin admin = Admin.create(connection.kafka())) {
        TopicAdmin.create(admin, connection.topics(), connection.replication());
      }
    }
  }
}
