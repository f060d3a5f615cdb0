package dev.turnout.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TopicTailIT {

  @Test
  void shouldReadPartitionsThatAreAddedWhileItReads() throws Exception {
    try (EdgeCluster cluster = EdgeCluster.start();
        Admin admin = Admin.create(cluster.kafka())) {
      // given two tails of a topic with one partition, one of them from its end
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      send(cluster, 0, "before");
      Map<String, Object> settings = new HashMap<>(cluster.kafka());
      settings.put("metadata.max.age.ms", 500);
      List<String> all = new ArrayList<>();
      List<String> fresh = new ArrayList<>();
      try (TopicTail<byte[], byte[]> whole =
              TopicTail.fromBeginning(Clients.reader(settings), List.of("t"));
          TopicTail<byte[], byte[]> end =
              TopicTail.fromEnd(Clients.reader(settings), List.of("t"))) {
        whole.begin();
        end.begin();

        // when partitions are added and written to
        admin.createPartitions(Map.of("t", NewPartitions.increaseTo(3))).all().get();
        send(cluster, 2, "added");
        send(cluster, 0, "after");
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while ((all.size() < 3 || fresh.size() < 2) && System.nanoTime() < until) {
          read(whole, all);
          read(end, fresh);
        }

        // then both have what was written to them
        assertThat(all).containsExactlyInAnyOrder("before", "added", "after");
        assertThat(fresh).containsExactlyInAnyOrder("added", "after");
        assertThat(whole.caughtUp()).isTrue();
      }
    }
  }

  private static void read(TopicTail<byte[], byte[]> tail, List<String> into) {
    tail.poll(
        Duration.ofMillis(100),
        record -> into.add(new String(record.value(), StandardCharsets.UTF_8)));
  }

  private static void send(EdgeCluster cluster, int partition, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    cluster.send(new ProducerRecord<>("t", partition, bytes, bytes));
  }
}
