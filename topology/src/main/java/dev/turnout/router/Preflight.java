package dev.turnout.router;

import dev.turnout.encoder.EncoderId;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TopicLimits;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be there before a router starts. */
final class Preflight {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  private Preflight() {}

  /**
   * Checks that the router's topics exist.
   *
   * @throws MissingTopicsException naming those that do not
   * @throws KafkaException if the brokers cannot be asked
   */
  static void requireTopics(Admin admin, RouterSettings settings) throws InterruptedException {
    Set<String> present = topics(admin, settings);
    List<String> missing =
        settings.requiredTopics().stream().filter(name -> !present.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new MissingTopicsException(
          "topics "
              + missing
              + " do not exist at "
              + settings.bootstrapServers()
              + "; create them with `./turnout topics --create`, or set another topic prefix");
    }
  }

  /**
   * Checks that decisions have room for the encoder's vectors.
   *
   * @throws IllegalArgumentException naming the encoder, if they have not
   */
  static void requireRoom(EncoderId encoder) {
    if (encoder.dimension() > FieldLimits.DIMENSIONS) {
      throw new IllegalArgumentException(
          "encoder "
              + encoder
              + " has "
              + encoder.dimension()
              + " dimensions, but decisions have room for "
              + FieldLimits.DIMENSIONS
              + "; choose another encoder");
    }
  }

  /** Warns of topics that take less than the largest record that may go to them. */
  static void warnOfSmallTopics(Admin admin, RouterSettings settings) throws InterruptedException {
    for (String problem :
        TopicLimits.tooSmall(admin, settings.topics(), settings.startDeadline())) {
      LOG.atWarn()
          .setMessage("a topic is too small for the largest records")
          .addKeyValue("problem", problem)
          .log();
    }
  }

  /** All topics there are. */
  static Set<String> topics(Admin admin, RouterSettings settings) throws InterruptedException {
    try {
      return admin
          .listTopics()
          .names()
          .get(settings.startDeadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new KafkaException(
          "brokers "
              + settings.bootstrapServers()
              + " refuse to list their topics: "
              + e.getCause(),
          e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException(
          "no broker answered at "
              + settings.bootstrapServers()
              + " within "
              + settings.startDeadline()
              + "; check the address, or start one",
          e);
    }
  }

  /** Partitions of the queries topic. */
  static int queryPartitions(Admin admin, RouterSettings settings) throws InterruptedException {
    String topic = settings.topics().queries();
    try {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(settings.startDeadline().toMillis(), TimeUnit.MILLISECONDS)
          .values()
          .iterator()
          .next()
          .partitions()
          .size();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("topic " + topic + " cannot be described", e);
    }
  }
}
