package dev.turnout.backlog;

import dev.turnout.kafka.member.CommittedWork;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers how far groups of workers are. */
final class WorkerGroups {

  private final Admin admin;
  private final String role;
  private final Duration patience;

  /**
   * @param role who asks, for what is said where it may not
   */
  WorkerGroups(Admin admin, String role, Duration patience) {
    this.admin = admin;
    this.role = role;
    this.patience = patience;
  }

  /** Fills in what is known of share groups; those that never were stay as they are. */
  void fillShares(Map<String, GroupOffsets> groups)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (groups.isEmpty()) {
      return;
    }
    var asked =
        admin.listShareGroupOffsets(
            groups.values().stream()
                .collect(
                    Collectors.toMap(
                        GroupOffsets::group, group -> new ListShareGroupOffsetsSpec())));
    fill(
        groups,
        asked::partitionsToOffsetInfo,
        (into, partition, info) -> {
          into.next().put(partition, info.startOffset());
          info.lag().filter(lag -> lag >= 0).ifPresent(lag -> into.left().put(partition, lag));
        });
  }

  /** The same of consumer groups. */
  void fillConsumers(Map<String, GroupOffsets> groups)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (groups.isEmpty()) {
      return;
    }
    var asked =
        admin.listConsumerGroupOffsets(
            groups.values().stream()
                .collect(
                    Collectors.toMap(
                        GroupOffsets::group, group -> new ListConsumerGroupOffsetsSpec())));
    fill(
        groups,
        asked::partitionsToOffsetAndMetadata,
        (into, partition, committed) -> {
          into.next().put(partition, committed.offset());
          into.outOfTurn().put(partition, CommittedWork.doneOutOfTurn(committed));
        });
  }

  private record Collected(
      Map<TopicPartition, Long> next,
      Map<TopicPartition, Long> outOfTurn,
      Map<TopicPartition, Long> left) {}

  private interface Collecting<V> {
    void add(Collected into, TopicPartition partition, V value);
  }

  private <V> void fill(
      Map<String, GroupOffsets> groups,
      Function<String, KafkaFuture<Map<TopicPartition, V>>> answers,
      Collecting<V> collecting)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Map.Entry<String, GroupOffsets> each : groups.entrySet()) {
      String group = each.getValue().group();
      Collected collected = new Collected(new HashMap<>(), new HashMap<>(), new HashMap<>());
      try {
        Map<TopicPartition, @Nullable V> answer =
            new HashMap<>(answers.apply(group).get(patience.toMillis(), TimeUnit.MILLISECONDS));
        answer.forEach(
            (partition, value) -> {
              if (value != null) {
                collecting.add(collected, partition, value);
              }
            });
      } catch (ExecutionException failure) {
        rethrowUnlessAbsent(group, failure);
      }
      each.setValue(
          new GroupOffsets(group, collected.next(), collected.outOfTurn(), collected.left()));
    }
  }

  /** Brokers without share groups have none. */
  private void rethrowUnlessAbsent(String group, ExecutionException failure)
      throws ExecutionException {
    Throwable cause = failure.getCause();
    if (cause instanceof AuthorizationException) {
      throw forbidden("group " + group, role, cause);
    }
    if (!(cause instanceof GroupIdNotFoundException)
        && !(cause instanceof UnsupportedVersionException)) {
      throw failure;
    }
  }

  static KafkaException forbidden(String what, String role, Throwable cause) {
    return new KafkaException(
        "the backlog of "
            + what
            + " is not seen: this "
            + role
            + " may not describe it; turnout acls --role "
            + role
            + " prints the rights",
        cause);
  }
}
