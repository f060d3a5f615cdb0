package dev.turnout.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** The partitions of topics, and offsets in them, as the brokers tell them. */
public final class TopicOffsets {

  private TopicOffsets() {}

  /** All partitions of topics, which must exist. */
  public static Set<TopicPartition> partitions(
      Admin admin, Collection<String> topics, Duration within)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .describeTopics(topics)
        .allTopicNames()
        .get(within.toMillis(), TimeUnit.MILLISECONDS)
        .values()
        .stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition())))
        .collect(Collectors.toSet());
  }

  /** The same offset of several partitions. */
  public static Map<TopicPartition, Long> of(
      Admin admin,
      Collection<TopicPartition> partitions,
      OffsetSpec spec,
      IsolationLevel isolation,
      Duration within)
      throws InterruptedException, ExecutionException, TimeoutException {
    return of(
        admin,
        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec)),
        isolation,
        within);
  }

  /** One offset of each partition; negative where there is none such. */
  public static Map<TopicPartition, Long> of(
      Admin admin,
      Map<TopicPartition, OffsetSpec> wanted,
      IsolationLevel isolation,
      Duration within)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(wanted, new ListOffsetsOptions(isolation))
        .all()
        .get(within.toMillis(), TimeUnit.MILLISECONDS)
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }
}
