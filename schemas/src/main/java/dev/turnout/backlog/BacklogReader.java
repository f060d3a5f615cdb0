package dev.turnout.backlog;

import dev.turnout.kafka.TopicOffsets;
import dev.turnout.schema.Priority;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers how many requests are written for each LLM and not done by its workers: a
 * handful of requests to brokers, however many LLMs there are.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>One backlog an LLM.</b> Its workers are a share group or a consumer group, and where
 *       both have been, each request was answered by one of them: the group that is further along
 *       is the one that works, and the other's backlog is of nobody's interest.
 *   <li><b>Workers that never were</b> would begin with the oldest request, so all count.
 * </ul>
 *
 * <p>The marker that ends a transaction takes an offset of its own. A group that works passes over
 * it; where none does, an idle topic's last requests count with their markers.
 */
public final class BacklogReader {
  private final Admin admin;
  private final WorkerGroups groups;
  private final TopicCatalogue topics;
  private final String role;
  private final Duration patience;

  /**
   * @param admin stays open
   * @param role who asks, for what is said where it may not
   * @param patience longest wait for one answer
   */
  public BacklogReader(Admin admin, TopicCatalogue topics, String role, Duration patience) {
    this.admin = admin;
    this.groups = new WorkerGroups(admin, role, patience);
    this.topics = topics;
    this.role = role;
    this.patience = patience;
  }

  /** The backlog of each LLM that has a topic. */
  public List<LlmBacklog> read(Collection<LlmTopics> llms)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Map<TopicPartition, Priority>> partitions = partitions(llms);
    List<TopicPartition> all =
        partitions.values().stream().flatMap(each -> each.keySet().stream()).toList();
    Map<String, GroupOffsets> shares = new HashMap<>();
    Map<String, GroupOffsets> consumers = new HashMap<>();
    for (String llm : partitions.keySet()) {
      shares.put(llm, GroupOffsets.none(GroupNames.shareWorkers(topics, llm)));
      consumers.put(llm, GroupOffsets.none(GroupNames.consumerWorkers(topics, llm)));
    }
    groups.fillShares(shares);
    groups.fillConsumers(consumers);
    Map<TopicPartition, Long> ends = offsets(all, OffsetSpec.latest());
    Map<TopicPartition, Long> oldest = offsets(all, OffsetSpec.earliest());
    List<LlmBacklog> backlogs = new ArrayList<>();
    partitions.forEach(
        (llm, of) -> {
          GroupOffsets share = shares.getOrDefault(llm, GroupOffsets.none(""));
          GroupOffsets consumer = consumers.getOrDefault(llm, GroupOffsets.none(""));
          LlmBacklog byShare = backlog(llm, share, of, oldest, ends);
          LlmBacklog byConsumer = backlog(llm, consumer, of, oldest, ends);
          boolean consumes =
              consumer.knows(of.keySet())
                  && (!share.knows(of.keySet()) || byConsumer.sum() < byShare.sum());
          backlogs.add(consumes ? byConsumer : byShare);
        });
    return backlogs;
  }

  private static LlmBacklog backlog(
      String llm,
      GroupOffsets group,
      Map<TopicPartition, Priority> partitions,
      Map<TopicPartition, Long> oldest,
      Map<TopicPartition, Long> ends) {
    Map<Priority, Long> waiting = new EnumMap<>(Priority.class);
    long done = 0;
    for (Map.Entry<TopicPartition, Priority> each : partitions.entrySet()) {
      TopicPartition partition = each.getKey();
      Long first = oldest.get(partition);
      long end = ends.getOrDefault(partition, 0L);
      long left =
          group.backlog(
              partition, first == null ? OptionalLong.empty() : OptionalLong.of(first), end);
      waiting.merge(each.getValue(), left, Long::sum);
      done += end - left;
    }
    return new LlmBacklog(llm, group.group(), waiting, done);
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException, TimeoutException {
    return TopicOffsets.of(admin, partitions, spec, IsolationLevel.READ_COMMITTED, patience);
  }

  private record Owner(String llm, Priority priority) {}

  /** Of each LLM's request topics, as far as they are there. */
  private Map<String, Map<TopicPartition, Priority>> partitions(Collection<LlmTopics> llms)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Owner> owners = new HashMap<>();
    for (LlmTopics llm : llms) {
      for (Priority priority : Priority.values()) {
        String topic = llm.topics().get(priority);
        if (topic != null) {
          owners.putIfAbsent(topic, new Owner(llm.llm(), priority));
        }
      }
    }
    Map<String, Map<TopicPartition, Priority>> partitions = new HashMap<>();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin.describeTopics(owners.keySet()).topicNameValues();
    for (Map.Entry<String, Owner> each : owners.entrySet()) {
      Owner owner = each.getValue();
      Map<TopicPartition, Priority> own =
          partitions.computeIfAbsent(owner.llm(), llm -> new HashMap<>());
      KafkaFuture<TopicDescription> topic = described.get(each.getKey());
      try {
        if (topic != null) {
          topic
              .get(patience.toMillis(), TimeUnit.MILLISECONDS)
              .partitions()
              .forEach(
                  one ->
                      own.put(
                          new TopicPartition(each.getKey(), one.partition()), owner.priority()));
        }
      } catch (ExecutionException failure) {
        if (failure.getCause() instanceof AuthorizationException) {
          throw WorkerGroups.forbidden("topic " + each.getKey(), role, failure.getCause());
        }
        if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failure;
        }
      }
    }
    return partitions;
  }
}
