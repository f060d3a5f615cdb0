package dev.turnout.app.role;

import dev.turnout.app.kafka.TopicCreation;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.topic.LogText;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics where the configuration asks for it. */
final class Topics {

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private Topics() {}

  static void createIfWished(ConnectionSettings connection) {
    if (!connection.createTopics()) {
      return;
    }
    try {
      TopicCreation.Created unusedNews = TopicCreation.create(connection);
    } catch (RegistryUnavailableException | RegistryRefusedException away) {
      // the topics are there; a role waits out its registry wherever it needs it
      warn(away);
    }
  }

  private static void warn(KafkaException away) {
    LOG.atWarn()
        .setMessage(
            "the topics' schemas and rules are not all registered; when the registry is back,"
                + " turnout topics --create does it, and turnout check --connect says what is left")
        .addKeyValue("problem", LogText.of(String.valueOf(away.getMessage())))
        .log();
  }
}
