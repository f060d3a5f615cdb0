package dev.turnout.app.role;

import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.topic.TopicAdmin;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics where the configuration asks for it. */
final class Topics {

  private Topics() {}

  static void createIfWished(TurnoutConfig config) {
    if (config.topics().create()) {
      try (Admin admin = Admin.create(config.kafka().clientSettings())) {
        TopicAdmin.create(admin, config.topics().catalogue(), config.topics().replication());
      }
    }
  }
}
