package dev.turnout.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.Clients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.Test;

/** What becomes of the partitions of a worker or grader that is killed. */
class DeadMemberIT {
  private static final String TOPIC = "requests";
  private static final int PARTITIONS = 4;

  /** A session of 6 s and a rebalance; Kafka's own session would be 45 s. */
  private static final Duration SOON = Duration.ofSeconds(35);

  @Test
  void shouldGiveTheOthersItsPartitionsSoon() throws Exception {
    // given two members that share the partitions
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Settings.temporary())) {
      Map<String, Object> clients = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (Admin admin = Admin.create(clients)) {
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
      }
      try (Consumer<byte[], byte[]> survivor = Clients.cooperativeMember(clients, "workers", 1)) {
        Consumer<byte[], byte[]> victim = Clients.cooperativeMember(clients, "workers", 1);
        victim.subscribe(List.of(TOPIC));
        survivor.subscribe(List.of(TOPIC));
        await(
            () -> {
              poll(victim);
              poll(survivor);
              return victim.assignment().size() == PARTITIONS / 2
                  && survivor.assignment().size() == PARTITIONS / 2;
            });

        // when one, which leads the group, is gone without a word
        victim.close(
            CloseOptions.timeout(Duration.ZERO)
                .withGroupMembershipOperation(
                    CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));

        // then
        await(
            () -> {
              poll(survivor);
              return survivor.assignment().size() == PARTITIONS;
            });
        assertThat(survivor.assignment()).hasSize(PARTITIONS);
      }
    }
  }

  private static void poll(Consumer<byte[], byte[]> member) {
    var unused = member.poll(Duration.ofMillis(100));
  }

  private static void await(BooleanSupplier reached) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("35 s are over").isLessThan(end);
    }
  }
}
