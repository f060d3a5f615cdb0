package dev.turnout.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the catalogue's topics on a cluster. Safe to call again, and from several programs. */
public final class TopicAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

  private static final Duration LEADERS_WITHIN = Duration.ofSeconds(30);

  private TopicAdmin() {}

  /**
   * Creates every topic of the catalogue that does not exist; the per-LLM ones come with {@link
   * #createRequests}. Existing topics are left exactly as they are.
   *
   * @param replication replication factor; from 3 on, min.insync.replicas is 2
   * @return names of the topics that this call created
   * @throws KafkaException naming the topic, if the cluster refuses one
   */
  public static Set<String> create(Admin admin, TopicCatalogue catalogue, short replication) {
    return create(
        admin, catalogue.topics().stream().filter(topic -> !topic.perLlm()).toList(), replication);
  }

  /**
   * Creates the request topics of the given LLMs.
   *
   * @return names of the topics that this call created
   * @throws KafkaException naming the topic, if the cluster refuses one
   */
  public static Set<String> createRequests(
      Admin admin, TopicCatalogue catalogue, Collection<String> llmIds, short replication) {
    return create(
        admin,
        llmIds.stream().distinct().flatMap(llm -> catalogue.requestsSpecs(llm).stream()).toList(),
        replication);
  }

  /**
   * Creates exactly the given topics where they do not exist, and returns when what it created can
   * be written to. A partition is known a moment before its leader takes records, and a producer
   * with several requests under way may lose those of the first that is refused: the leader takes
   * any sequence number of a producer that is new to it, so the next request is taken, and the
   * first stays out of order until its time is over.
   */
  public static Set<String> create(Admin admin, List<TopicSpec> topics, short replication) {
    List<NewTopic> wanted = topics.stream().map(topic -> newTopic(topic, replication)).toList();
    CreateTopicsResult result = admin.createTopics(wanted);
    Set<String> created = new TreeSet<>();
    result
        .values()
        .forEach(
            (name, future) -> {
              try {
                future.get();
                created.add(name);
              } catch (ExecutionException refused) {
                if (!(refused.getCause() instanceof TopicExistsException)) {
                  throw new KafkaException(
                      "topic "
                          + name
                          + " could not be created: "
                          + refused.getMessage()
                          + remedy(refused.getCause()),
                      refused.getCause());
                }
              } catch (InterruptedException interrupted) {
                throw new InterruptException(interrupted);
              }
            });
    if (!created.isEmpty()) {
      LOG.atInfo().setMessage("topics created").addKeyValue("topics", created).log();
      awaitLeaders(admin, wanted.stream().filter(topic -> created.contains(topic.name())).toList());
    }
    return created;
  }

  /** Waits until the leader of every partition answers for it; as far as this client may ask. */
  private static void awaitLeaders(Admin admin, List<NewTopic> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    try {
      admin.listOffsets(ends).all().get(LEADERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .setMessage("new topics may not be ready yet; the first records sent to them may be late")
          .addKeyValue("problem", e.getCause() == null ? e.toString() : e.getCause().toString())
          .log();
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private static String remedy(@Nullable Throwable refused) {
    return refused instanceof InvalidReplicationFactorException
        ? " Set topics.replication to at most the number of brokers."
        : "";
  }

  private static NewTopic newTopic(TopicSpec topic, short replication) {
    Map<String, String> config = new HashMap<>(topic.config());
    if (replication >= 3) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    return new NewTopic(topic.name(), topic.partitions(), replication).configs(config);
  }
}
