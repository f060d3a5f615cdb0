package dev.turnout.worker;

import dev.turnout.config.SettingKind;
import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicOffsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the workers of an LLM change {@code worker.delivery}. A group is of one kind for good, so
 * each delivery has a group of its own, and Kafka hands every request to both.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li><b>No request is answered by both.</b> A worker does not join its group while the other has
 *       members; it fails with an error that says so, and its loop tries again until they are gone.
 *       Two workers that start in the same moment by different deliveries may both miss each other;
 *       nothing but an operator's mistake starts both at once.
 *   <li><b>A group goes on where the other left off</b>, if that is further than it came itself.
 *       What the other had begun and not finished comes again, for a share group with what it
 *       finished behind that: at least once, as always.
 *   <li><b>A group that is the first starts with the oldest request</b>, since those were written
 *       for workers that were still to come.
 *   <li><b>Only a group without members is moved</b>, which the broker enforces; of several workers
 *       that start together the first moves it.
 * </ul>
 */
final class GroupHandover {

  private static final Logger LOG = LoggerFactory.getLogger(GroupHandover.class);
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final WorkerSettings settings;
  private final Admin admin;

  private GroupHandover(WorkerSettings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
  }

  /**
   * Prepares the worker's group; to be called before it is joined.
   *
   * @throws KafkaException if the group cannot be joined now, or the brokers refuse; says why, and
   *     the remedy
   */
  static void take(WorkerSettings settings) {
    try (Admin admin = Clients.admin(settings.kafka())) {
      new GroupHandover(settings, admin).take();
    }
  }

  private void take() {
    Map<String, GroupListing> groups = new HashMap<>();
    await(admin.listGroups().all()).forEach(group -> groups.put(group.groupId(), group));
    GroupListing own = groups.get(settings.groupId());
    GroupListing other = groups.get(settings.otherGroupId());
    if (own != null) {
      requireKind(own);
    }
    if (other == null) {
      // a group that may not be described is not listed either, and would be passed over
      Object unusedRightToDescribe = committed(settings.otherGroupId());
      return;
    }
    requireNoMembers(other);
    if (own != null && !isEmpty(own)) {
      return;
    }
    Map<TopicPartition, Long> ahead = new HashMap<>(positions(other));
    if (own != null) {
      positions(own)
          .forEach(
              (partition, at) ->
                  ahead.computeIfPresent(partition, (each, to) -> to > at ? to : null));
    }
    if (!ahead.isEmpty()) {
      move(ahead);
    }
  }

  private void requireKind(GroupListing own) {
    boolean share = settings.delivery() == Delivery.SHARE_GROUP;
    if (own.type().isPresent() && share != (own.type().get() == GroupType.SHARE)) {
      throw new KafkaException(
          "group "
              + own.groupId()
              + " is a "
              + own.type().get()
              + " group and cannot serve worker.delivery="
              + SettingKind.nameOf(settings.delivery())
              + "; run the workers once with worker.delivery="
              + SettingKind.nameOf(settings.delivery().other())
              + " so that it hands over, then delete it with kafka-consumer-groups.sh --delete"
              + " --group "
              + own.groupId());
    }
  }

  private void requireNoMembers(GroupListing other) {
    if (!isEmpty(other)) {
      throw new KafkaException(
          "workers of LLM "
              + settings.llm()
              + " with worker.delivery="
              + SettingKind.nameOf(settings.delivery().other())
              + " are members of group "
              + other.groupId()
              + ": every request would be answered and paid twice; stop them, this worker waits");
    }
  }

  private static boolean isEmpty(GroupListing group) {
    GroupState state = group.groupState().orElse(GroupState.UNKNOWN);
    return state == GroupState.EMPTY || state == GroupState.DEAD;
  }

  /** Where a group goes on, by partition of the request topic. */
  private Map<TopicPartition, Long> positions(GroupListing group) {
    boolean share = group.type().map(type -> type == GroupType.SHARE).orElse(false);
    Map<TopicPartition, Long> positions =
        share ? unfinished(group.groupId()) : committed(group.groupId());
    positions.keySet().removeIf(partition -> !settings.requestTopics().contains(partition.topic()));
    return positions;
  }

  private Map<TopicPartition, Long> committed(String group) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, at) -> {
              if (at != null) {
                positions.put(partition, at.offset());
              }
            });
    return positions;
  }

  /** A share group's first unfinished requests. */
  private Map<TopicPartition, Long> unfinished(String group) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    Map<TopicPartition, SharePartitionOffsetInfo> offsets = new HashMap<>();
    await(
            admin
                .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group))
        .forEach(
            (partition, at) -> {
              if (at != null && settings.requestTopics().contains(partition.topic())) {
                offsets.put(partition, at);
              }
            });
    Map<TopicPartition, Long> ends =
        ends(offsets.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    offsets.forEach(
        (partition, at) -> {
          // the broker writes the start down late, and knows what is finished behind it
          boolean all = at.lag().isPresent() && at.lag().get() == 0;
          positions.put(
              partition, Math.max(at.startOffset(), all ? ends.getOrDefault(partition, 0L) : 0L));
        });
    return positions;
  }

  private Map<TopicPartition, Long> ends(Set<String> topics) {
    try {
      return TopicOffsets.of(
          admin,
          TopicOffsets.partitions(admin, topics, WITHIN),
          OffsetSpec.latest(),
          IsolationLevel.READ_UNCOMMITTED,
          WITHIN);
    } catch (ExecutionException e) {
      throw refused(e);
    } catch (TimeoutException e) {
      throw new KafkaException("the ends of " + topics + " cannot be read", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void move(Map<TopicPartition, Long> to) {
    try {
      if (settings.delivery() == Delivery.SHARE_GROUP) {
        await(admin.alterShareGroupOffsets(settings.groupId(), to).all());
      } else {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        to.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        await(admin.alterConsumerGroupOffsets(settings.groupId(), offsets).all());
      }
    } catch (GroupNotEmptyException | UnknownMemberIdException another) {
      LOG.atDebug()
          .setMessage("another worker has moved the group and joined it")
          .addKeyValue("group", settings.groupId())
          .log();
      return;
    }
    LOG.atInfo()
        .setMessage("worker.delivery was changed; the group goes on where the other left off")
        .addKeyValue("group", settings.groupId())
        .addKeyValue("other", settings.otherGroupId())
        .addKeyValue("offsets", to)
        .log();
  }

  private static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static KafkaException refused(ExecutionException e) {
    return e.getCause() instanceof KafkaException refused
        ? refused
        : new KafkaException(e.getCause());
  }
}
