package dev.turnout.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
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
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final IsolationLevel COMMITTED = IsolationLevel.READ_COMMITTED;
  private static final long PAUSE_MILLIS = 20;

  /** A dead member's transaction lasts for seconds, and each question is a line in the log. */
  private static final long UNSTABLE_PAUSE_MILLIS = 500;

  private static final int MOST_RIVALS = 100;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final Set<String> MEMBERSHIP =
      Set.of(
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

  private enum Attempt {
    SETTLED,
    /** Another member wanted the same at the same time. */
    RIVAL,
    /** The group is under way, though it has committed nothing. */
    MEMBERS_ALREADY
  }

  private GroupStart() {}

  /**
   * Settles where a group starts, if it has committed nothing on these topics yet; else it goes on
   * where it stands.
   *
   * @param clients settings of Kafka clients, {@code bootstrap.servers} among them
   * @param group id of the group, of whichever protocol
   * @param topics what it reads, which must exist, and for each how far back before the end {@link
   *     StartFrom#LATEST} is, by the records' timestamps; mostly not at all
   * @param key of the setting that chooses, for the log
   * @return false if the group goes on where it stands
   * @throws KafkaException if the brokers cannot be asked or refuse the offsets
   */
  public static boolean settle(
      Map<String, ?> clients,
      String group,
      Map<String, Duration> topics,
      StartFrom from,
      String key) {
    try (Admin admin = Clients.admin(clients)) {
      Set<TopicPartition> partitions = TopicOffsets.partitions(admin, topics.keySet(), WITHIN);
      for (int rivals = 0; rivals < MOST_RIVALS; rivals++) {
        if (stands(admin, group, partitions)) {
          return false;
        }
        switch (attempt(admin, clients, group, partitions, topics, from, key)) {
          case SETTLED -> {
            awaitVisible(admin, group, partitions);
            return true;
          }
          case MEMBERS_ALREADY -> {
            return false;
          }
          case RIVAL -> {}
        }
      }
      throw new KafkaException(
          "too many members of group " + group + " start at once; start this one again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while the start of group " + group + " was settled", e);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = FutureFailure.cause(e);
      throw new KafkaException(
          "the offsets of group " + group + " cannot be read: " + cause, cause);
    }
  }

  /** A transaction has ended for its producer a moment before it has for others. */
  private static void awaitVisible(Admin admin, String group, Set<TopicPartition> partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + WITHIN.toNanos();
    while (!stands(admin, group, partitions)) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("the offsets of group " + group + " do not become visible");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static Attempt attempt(
      Admin admin,
      Map<String, ?> clients,
      String group,
      Set<TopicPartition> partitions,
      Map<String, Duration> topics,
      StartFrom from,
      String key)
      throws InterruptedException, ExecutionException, TimeoutException {
    Producer<byte[], byte[]> producer = Clients.transactional(clients, group + "-start");
    // one that never subscribes is no member, and knows how to say so
    try (Consumer<byte[], byte[]> outsider = outsider(clients, group)) {
      producer.initTransactions();
      if (stands(admin, group, partitions)) {
        return Attempt.SETTLED; // whoever wrote it has told of it
      }
      Map<TopicPartition, Long> first =
          TopicOffsets.of(admin, partitions, OffsetSpec.earliest(), COMMITTED, WITHIN);
      // where open transactions begin: what they hold is yet to come
      Map<TopicPartition, Long> last =
          TopicOffsets.of(admin, partitions, OffsetSpec.latest(), COMMITTED, WITHIN);
      Map<TopicPartition, Long> start =
          from == StartFrom.LATEST ? backFrom(admin, last, topics) : first;
      Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
      start.forEach((partition, offset) -> commit.put(partition, new OffsetAndMetadata(offset)));
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(commit, outsider.groupMetadata());
      producer.commitTransaction();
      tell(group, topics, between(first, start), between(start, last), from, key);
      return Attempt.SETTLED;
    } catch (ProducerFencedException
        | InvalidProducerEpochException
        | InvalidTxnStateException rival) {
      // the last is what a broker says when the rival has just ended our transaction
      LOG.atDebug()
          .setMessage("another member settles the start")
          .addKeyValue("group", group)
          .log();
      return Attempt.RIVAL;
    } catch (CommitFailedException members) {
      LOG.atInfo()
          .setMessage("a group that has committed nothing has members already; this one joins them")
          .addKeyValue("group", group)
          .log();
      return Attempt.MEMBERS_ALREADY;
    } catch (KafkaException odd) {
      if (!isUnexplained(odd)) {
        throw odd;
      }
      LOG.atWarn()
          .setMessage("the start was not settled, it is tried again")
          .addKeyValue("group", group)
          .setCause(odd)
          .log();
      return Attempt.RIVAL;
    } finally {
      producer.close(CLOSE_WITHIN);
    }
  }

  /**
   * Whether the broker said of a transaction only that it failed itself. It does while it fences
   * this producer for a rival; the client then has no word of its own for it. Nothing is lost by
   * another try: it begins by ending what this one left, and looks again.
   */
  private static boolean isUnexplained(KafkaException failure) {
    return failure.getClass() == KafkaException.class && failure.getCause() == null;
  }

  /** A consumer that stands for nobody: what makes a member of one is left out. */
  private static Consumer<byte[], byte[]> outsider(Map<String, ?> clients, String group) {
    Map<String, Object> config = new HashMap<>(clients);
    config.keySet().removeAll(MEMBERSHIP);
    return Clients.member(config, group, 1);
  }

  private static long between(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    return to.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), 0L)))
        .sum();
  }

  private static void tell(
      String group,
      Map<String, Duration> topics,
      long skipped,
      long toCome,
      StartFrom from,
      String key) {
    LOG.atInfo()
        .setMessage(
            from == StartFrom.LATEST
                ? "a new group starts at the end of its topics; " + key + "=earliest reads them all"
                : "a new group starts at the beginning of its topics")
        .addKeyValue("group", group)
        .addKeyValue("topics", topics.keySet())
        .addKeyValue("skipped", skipped)
        .addKeyValue("toCome", toCome)
        .log();
  }

  /**
   * Whether the group has committed an offset of its topics.
   *
   * <p>An open transaction of a member that died hides a partition: asked for stable offsets alone,
   * the broker names it as unstable and the client leaves it out of its answer, which looks like a
   * group that never was. So what stands below the transaction counts first; where nothing does,
   * only a partition that is answered without an offset has none, and one that is not answered is
   * waited for until its transaction has ended.
   */
  private static boolean stands(Admin admin, String group, Set<TopicPartition> partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + WITHIN.toNanos();
    while (true) {
      if (committed(admin, group, partitions, false).values().stream().anyMatch(Objects::nonNull)) {
        return true;
      }
      Map<TopicPartition, OffsetAndMetadata> stable = committed(admin, group, partitions, true);
      if (stable.values().stream().anyMatch(Objects::nonNull)) {
        return true;
      }
      if (stable.keySet().containsAll(partitions)) {
        return false;
      }
      if (System.nanoTime() > end) {
        throw new TimeoutException(
            "a transaction that is to commit offsets of group " + group + " does not end");
      }
      Thread.sleep(UNSTABLE_PAUSE_MILLIS);
    }
  }

  /** Null for a partition without an offset; without those whose offset is not known. */
  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Admin admin, String group, Set<TopicPartition> partitions, boolean stable)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .listConsumerGroupOffsets(
            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
            new ListConsumerGroupOffsetsOptions().requireStable(stable))
        .partitionsToOffsetAndMetadata(group)
        .get(WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  /** The ends, or as far before them as the topics want it. */
  private static Map<TopicPartition, Long> backFrom(
      Admin admin, Map<TopicPartition, Long> ends, Map<String, Duration> topics)
      throws InterruptedException, ExecutionException, TimeoutException {
    long now = System.currentTimeMillis();
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (TopicPartition partition : ends.keySet()) {
      Duration back = topics.getOrDefault(partition.topic(), Duration.ZERO);
      if (!back.isZero()) {
        wanted.put(partition, OffsetSpec.forTimestamp(Math.max(0, now - back.toMillis())));
      }
    }
    Map<TopicPartition, Long> starts = new HashMap<>(ends);
    TopicOffsets.of(admin, wanted, COMMITTED, WITHIN)
        .forEach(
            (partition, offset) -> {
              // negative where nothing is as young as that
              if (offset >= 0) {
                starts.merge(partition, offset, Math::min);
              }
            });
    return starts;
  }
}
