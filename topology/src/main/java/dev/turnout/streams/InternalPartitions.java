package dev.turnout.streams;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many partitions the internal topics of a Kafka Streams application have. A key's partition is
 * its hash modulo that number, so with another number state lies where nobody looks for it; Kafka
 * Streams refuses to start and names a tool, but not the setting.
 */
public final class InternalPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(InternalPartitions.class);

  private InternalPartitions() {}

  /**
   * Partitions by topic, of those that exist. None if the brokers do not say: whoever starts then
   * waits for them elsewhere, and Kafka Streams checks again.
   */
  public static Map<String, Integer> of(Admin admin, Collection<String> topics)
      throws InterruptedException {
    Map<String, Integer> existing = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        existing.put(each.getKey(), each.getValue().get().partitions().size());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          LOG.atWarn()
              .setMessage("partitions of internal topics are not known")
              .addKeyValue("topic", each.getKey())
              .setCause(e.getCause())
              .log();
        }
      }
    }
    return existing;
  }

  /** The number that those of the topics have that exist; nothing when none does. */
  public static OptionalInt common(Admin admin, Collection<String> topics)
      throws InterruptedException {
    return of(admin, topics).values().stream().mapToInt(Integer::intValue).max();
  }

  /**
   * Checks that topics that exist have as many partitions as wanted.
   *
   * @param setting key of the number, for the message
   * @throws IllegalStateException naming topic, setting and remedy
   */
  public static void require(Admin admin, Collection<String> topics, int wanted, String setting)
      throws InterruptedException {
    of(admin, topics)
        .forEach(
            (topic, partitions) -> {
              if (partitions != wanted) {
                throw new IllegalStateException(
                    setting
                        + " is "
                        + wanted
                        + ", but internal topic "
                        + topic
                        + " has "
                        + partitions
                        + " partitions, and what is stored was spread over these. Set "
                        + setting
                        + " to "
                        + partitions
                        + ", or give up what is stored: stop all members, and delete the internal"
                        + " topics with Kafka's tool kafka-streams-application-reset");
              }
            });
  }
}
