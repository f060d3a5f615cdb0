package dev.turnout.control.backlog;

import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.TopicOffsets;
import dev.turnout.schema.Priority;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reports {@code turnout_requests_backlog{llm,group}}: requests that are written for an LLM and not
 * done by its workers, those in hand included. Whoever scales workers looks at it, so it must be
 * there when no worker is: every router reports it, each of them the same.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>One number an LLM.</b> Its workers are a share group or a consumer group, and where both
 *       have been, each request was answered by one of them: the group that is further along is the
 *       one that works, and the other's backlog is of nobody's interest.
 *   <li><b>Workers that never were</b> would begin with the oldest request, so all count.
 *   <li><b>What was not heard for a minute is not reported</b>: no number is better than an old
 *       one, by which somebody would scale.
 *   <li><b>Cheap</b>: a handful of requests to brokers every five seconds, however many LLMs there
 *       are; a scrape asks nobody. A router that cannot ask routes on, ready as it was.
 * </ul>
 *
 * <p>The marker that ends a transaction takes an offset of its own. A group that works passes over
 * it; where none does, an idle topic's last requests count with their markers.
 */
public final class RequestBacklog implements LoopBody {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long FORGET_NANOS = Duration.ofMinutes(1).toNanos();

  private final Admin admin;
  private final WorkerGroups groups;
  private final TopicCatalogue topics;
  private final Supplier<Collection<RegisteredLlm>> llms;
  private final MultiGauge backlog;
  private final CountDownLatch closing = new CountDownLatch(1);
  private long heardAt = System.nanoTime();

  private RequestBacklog(
      Admin admin,
      TopicCatalogue topics,
      Supplier<Collection<RegisteredLlm>> llms,
      MeterRegistry registry) {
    this.admin = admin;
    this.groups = new WorkerGroups(admin, PATIENCE);
    this.topics = topics;
    this.llms = llms;
    this.backlog =
        MultiGauge.builder("turnout.requests.backlog")
            .description(
                "requests of an LLM that its workers have not done, those in hand included")
            .register(registry);
  }

  /**
   * Starts to report.
   *
   * @param clients Kafka client settings
   * @param llms asked every time
   */
  public static SupervisedLoop start(
      Map<String, ?> clients,
      TopicCatalogue topics,
      Supplier<Collection<RegisteredLlm>> llms,
      MeterRegistry registry) {
    return SupervisedLoop.start(
        "turnout-request-backlog",
        new RequestBacklog(Clients.admin(clients), topics, llms, registry));
  }

  @Override
  public void turn() throws InterruptedException, ExecutionException, TimeoutException {
    try {
      measure();
      heardAt = System.nanoTime();
    } catch (ExecutionException | TimeoutException | RuntimeException failure) {
      if (System.nanoTime() - heardAt > FORGET_NANOS) {
        backlog.register(List.of(), true);
      }
      throw failure;
    }
    boolean unusedEnd = closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void measure() throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, List<TopicPartition>> partitions = partitions();
    List<TopicPartition> all = partitions.values().stream().flatMap(List::stream).toList();
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
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    partitions.forEach(
        (llm, of) -> {
          GroupOffsets share = shares.getOrDefault(llm, GroupOffsets.none(""));
          GroupOffsets consumer = consumers.getOrDefault(llm, GroupOffsets.none(""));
          long byShare = sum(share, of, oldest, ends);
          long byConsumer = sum(consumer, of, oldest, ends);
          boolean consumes = consumer.knows(of) && (!share.knows(of) || byConsumer < byShare);
          rows.add(
              MultiGauge.Row.of(
                  Tags.of("llm", llm, "group", consumes ? consumer.group() : share.group()),
                  consumes ? byConsumer : byShare));
        });
    backlog.register(rows, true);
  }

  private static long sum(
      GroupOffsets group,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> oldest,
      Map<TopicPartition, Long> ends) {
    long sum = 0;
    for (TopicPartition partition : partitions) {
      Long first = oldest.get(partition);
      sum +=
          group.backlog(
              partition,
              first == null ? OptionalLong.empty() : OptionalLong.of(first),
              ends.getOrDefault(partition, 0L));
    }
    return sum;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException, TimeoutException {
    return TopicOffsets.of(admin, partitions, spec, IsolationLevel.READ_COMMITTED, PATIENCE);
  }

  /** Of each LLM's request topics, as far as they are there. */
  private Map<String, List<TopicPartition>> partitions()
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> owners = new HashMap<>();
    for (RegisteredLlm llm : llms.get()) {
      for (Priority priority : Priority.values()) {
        owners.put(llm.topic(priority), llm.profile().getId());
      }
    }
    Map<String, List<TopicPartition>> partitions = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin.describeTopics(owners.keySet()).topicNameValues().entrySet()) {
      try {
        List<TopicPartition> own =
            partitions.computeIfAbsent(
                owners.getOrDefault(topic.getKey(), ""), llm -> new ArrayList<>());
        topic
            .getValue()
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .partitions()
            .forEach(each -> own.add(new TopicPartition(topic.getKey(), each.partition())));
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failure;
        }
      }
    }
    return partitions;
  }

  @Override
  public void wakeUp() {
    closing.countDown();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
