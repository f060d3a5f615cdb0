package dev.turnout.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topics there are take the largest records that {@link RecordLimits} allows. Topics
 * that others made, or earlier releases, may take less; records between the two limits then fail.
 */
public final class TopicLimits {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLimits.class);

  private TopicLimits() {}

  /**
   * The topics that take less than they should, each with the remedy.
   *
   * @param atMost how long the brokers are waited for
   * @return sentences, in the order of the topics' names; empty too where the brokers do not let
   *     this client see configurations
   * @throws KafkaException if the brokers do not answer
   */
  public static List<String> tooSmall(Admin admin, TopicCatalogue catalogue, Duration atMost)
      throws InterruptedException {
    try {
      Map<String, Integer> needed = needed(catalogue, await(admin.listTopics().names(), atMost));
      List<ConfigResource> resources =
          needed.keySet().stream()
              .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
              .toList();
      List<String> problems = new ArrayList<>();
      Map<ConfigResource, KafkaFuture<Config>> configs = admin.describeConfigs(resources).values();
      for (ConfigResource resource : resources) {
        KafkaFuture<Config> config = configs.get(resource);
        int bytes = needed.getOrDefault(resource.name(), 0);
        if (config != null && limit(await(config, atMost)) < bytes) {
          problems.add(problem(resource.name(), limit(await(config, atMost)), bytes));
        }
      }
      return problems;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnknownTopicOrPartitionException) {
        LOG.atDebug().setMessage("limits of topics not checked").setCause(e.getCause()).log();
        return List.of();
      }
      throw new KafkaException("limits of topics cannot be read: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("limits of topics cannot be read within " + atMost, e);
    }
  }

  /** What the topics there are must take, in bytes. */
  static Map<String, Integer> needed(TopicCatalogue catalogue, Iterable<String> present) {
    Map<String, Integer> catalogued = new HashMap<>();
    catalogue.topics().forEach(topic -> catalogued.put(topic.name(), maxMessageBytes(topic)));
    String installation = catalogue.prefix().replaceFirst("\\.$", "");
    Map<String, Integer> needed = new TreeMap<>();
    for (String name : present) {
      if (catalogued.containsKey(name)) {
        needed.put(name, catalogued.get(name));
      } else if (name.startsWith(catalogue.requestsPrefix())) {
        needed.put(name, RecordLimits.REQUEST.maxMessageBytes());
      } else if (!installation.isEmpty() && isInternal(name, installation)) {
        needed.put(name, RecordLimits.LARGEST_MESSAGE);
      }
    }
    return needed;
  }

  /** Kafka Streams' own topics begin with an application id, and that with the prefix. */
  private static boolean isInternal(String name, String installation) {
    return name.startsWith(installation)
        && (name.endsWith("-changelog") || name.endsWith("-repartition"));
  }

  private static int maxMessageBytes(TopicSpec topic) {
    return Integer.parseInt(topic.config().getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
  }

  private static long limit(Config config) {
    ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return entry == null ? Long.MAX_VALUE : Long.parseLong(entry.value());
  }

  private static String problem(String topic, long found, int needed) {
    return "topic "
        + topic
        + " takes records of "
        + found
        + " bytes, but those of Turnout have up to "
        + needed
        + "; raise it with `kafka-configs --bootstrap-server … --alter --entity-type topics"
        + " --entity-name "
        + topic
        + " --add-config max.message.bytes="
        + needed
        + "`";
  }

  private static <T> T await(KafkaFuture<T> future, Duration atMost)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
