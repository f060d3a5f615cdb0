package dev.turnout.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, once in the life of a consumer group, where it starts: by committing the offsets of
 * every partition before its first member joins.
 *
 * <p>{@code auto.offset.reset=latest} would not do. It is applied when a member first polls a
 * partition without an offset, so it loses what arrives between the start and that poll, what
 * arrives while the first member is dead before its first commit, and all that a partition holds
 * that was added later. With offsets committed here a group of ours can keep {@code earliest}: a
 * partition without an offset is one that was added since, or one of a topic that is new to the
 * group.
 *
 * <p>Several members of a new group may start at once, each seeing no offsets; were each to write
 * the ends that it saw, the later would skip what the earlier began with. So the offsets are
 * written in a transaction of an id that all of them share: the broker lets the last that asked for
 * the id write, and only after what others wrote is complete and visible to it.
 */
public final class GroupStart {
  private static final Logger LOG = LoggerFactory.getLogger(GroupStart.class);
  private static final long WITHIN_SECONDS = 60;
  private static final int MOST_RIVALS = 100;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private GroupStart() {}

  /**
   * Settles where a group starts, if it has committed nothing on these topics yet; else it goes on
   * where it stands.
   *
   * @param clients settings of Kafka clients, {@code bootstrap.servers} among them
   * @param group id of the group, of whichever protocol
   * @param topics what it reads; they must exist
   * @param key of the setting that chooses, for the log
   * @return false if the group goes on where it stands
   * @throws KafkaException if the brokers cannot be asked or refuse the offsets
   */
  public static boolean settle(
      Map<String, ?> clients, String group, Collection<String> topics, StartFrom from, String key) {
    try (Admin admin = Clients.admin(clients)) {
      List<TopicPartition> partitions = partitions(admin, topics);
      for (int rivals = 0; rivals < MOST_RIVALS; rivals++) {
        if (stands(admin, group, partitions)) {
          return false;
        }
        if (written(admin, clients, group, partitions, from, key)) {
          return true;
        }
      }
      throw new KafkaException(
          "too many members of group " + group + " start at once; start this one again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while the start of group " + group + " was settled", e);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      throw new KafkaException(
          "the offsets of group " + group + " cannot be read: " + cause, cause);
    }
  }

  /** False if another member wanted the same at the same time. */
  private static boolean written(
      Admin admin,
      Map<String, ?> clients,
      String group,
      List<TopicPartition> partitions,
      StartFrom from,
      String key)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-start");
    Producer<byte[], byte[]> producer = Clients.producer(config);
    // one that never subscribes is no member, and knows how to say so
    try (Consumer<byte[], byte[]> outsider = Clients.member(clients, group, 1)) {
      producer.initTransactions();
      if (stands(admin, group, partitions)) {
        return true; // whoever wrote it has told of it
      }
      Map<TopicPartition, Long> first = offsets(admin, partitions, OffsetSpec.earliest());
      Map<TopicPartition, Long> last = offsets(admin, partitions, OffsetSpec.latest());
      Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
      (from == StartFrom.LATEST ? last : first)
          .forEach((partition, offset) -> start.put(partition, new OffsetAndMetadata(offset)));
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(start, outsider.groupMetadata());
      producer.commitTransaction();
      tell(group, first, last, from, key);
      return true;
    } catch (ProducerFencedException | InvalidProducerEpochException rival) {
      LOG.atDebug()
          .setMessage("another member settles the start")
          .addKeyValue("group", group)
          .log();
      return false;
    } catch (CommitFailedException members) {
      // it has members, though they have committed nothing: where they start is theirs
      LOG.atDebug().setMessage("the group is under way").addKeyValue("group", group).log();
      return true;
    } finally {
      producer.close(CLOSE_WITHIN);
    }
  }

  private static void tell(
      String group,
      Map<TopicPartition, Long> first,
      Map<TopicPartition, Long> last,
      StartFrom from,
      String key) {
    long records =
        last.entrySet().stream()
            .mapToLong(end -> end.getValue() - first.getOrDefault(end.getKey(), 0L))
            .sum();
    LOG.atInfo()
        .setMessage(
            from == StartFrom.LATEST
                ? "a new group starts at the end of its topics: what they hold is left out; "
                    + key
                    + "=earliest reads it"
                : "a new group starts at the beginning of its topics: all that they hold is read")
        .addKeyValue("group", group)
        .addKeyValue(
            "topics", first.keySet().stream().map(TopicPartition::topic).distinct().toList())
        .addKeyValue(from == StartFrom.LATEST ? "skipped" : "toCome", records)
        .log();
  }

  private static List<TopicPartition> partitions(Admin admin, Collection<String> topics)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .describeTopics(topics)
        .allTopicNames()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .values()
        .stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition())))
        .toList();
  }

  private static boolean stands(Admin admin, String group, List<TopicPartition> partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
        .partitionsToOffsetAndMetadata()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .entrySet()
        .stream()
        .anyMatch(each -> each.getValue() != null && partitions.contains(each.getKey()));
  }

  /** The end is where open transactions begin: what they hold is yet to come. */
  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }
}
