package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchedMemberTest {
  private static final TopicPartition MINE = new TopicPartition("t", 0);
  private static final TopicPartition OTHER = new TopicPartition("t", 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<CompletableFuture<Void>> handled = new ArrayList<>();
  private final BatchedMember member =
      new BatchedMember(
          consumer,
          "t",
          Duration.ofSeconds(30),
          (record, closing) -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            handled.add(done);
            return done;
          });

  private void takeABatch() {
    consumer.updateBeginningOffsets(Map.of(MINE, 0L, OTHER, 0L));
    consumer.rebalance(Set.of(MINE));
    write(MINE, 0);
    write(MINE, 1);
    member.turn();
    assertThat(handled).hasSize(2);
  }

  private void write(TopicPartition partition, long offset) {
    byte[] bytes = "x".getBytes(StandardCharsets.UTF_8);
    consumer.addRecord(
        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, bytes, bytes));
  }

  private long committed(TopicPartition partition) {
    var offset = consumer.committed(Set.of(partition)).get(partition);
    return offset == null ? -1 : offset.offset();
  }

  @Test
  void shouldCommitOnceAllOfABatchIsDone() {
    // given
    takeABatch();

    // when one is done
    handled.get(0).complete(null);
    member.turn();

    // then the member polls on, paused, and commits nothing
    assertThat(consumer.paused()).containsExactly(MINE);
    assertThat(committed(MINE)).isEqualTo(-1);

    // when
    handled.get(1).complete(null);
    member.turn();

    // then
    assertThat(committed(MINE)).isEqualTo(2);
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void shouldPauseWhatARebalanceBringsWhileABatchIsUnderWay() {
    // given
    takeABatch();

    // when a rebalance takes all partitions and gives them back with another
    consumer.rebalance(Set.of());
    consumer.rebalance(Set.of(MINE, OTHER));

    // then none of them brings records before the batch is done
    assertThat(consumer.paused()).containsExactlyInAnyOrder(MINE, OTHER);
    member.turn();

    // and the member goes on behind its batch
    handled.forEach(done -> done.complete(null));
    member.turn();
    assertThat(consumer.position(MINE)).isEqualTo(2);
    assertThat(committed(MINE)).isEqualTo(2);
  }

  @Test
  void shouldNotCommitForAPartitionThatWentToAnotherMember() {
    // given
    takeABatch();

    // when
    consumer.rebalance(Set.of(OTHER));
    handled.forEach(done -> done.complete(null));
    member.turn();

    // then
    assertThat(committed(MINE)).isEqualTo(-1);
    assertThat(consumer.paused()).doesNotContain(OTHER);
  }

  @Test
  void shouldFailItsTurnWhenARecordCannotBeHandled() {
    // given
    takeABatch();

    // when
    handled.get(0).completeExceptionally(new IllegalStateException("nowhere to write"));
    handled.get(1).complete(null);

    // then
    assertThatThrownBy(member::turn)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("nowhere to write");
    assertThat(committed(MINE)).isEqualTo(-1);
  }

  @Test
  void shouldWaitForItsBatchWhileItCloses() {
    // given
    takeABatch();

    // when
    member.wakeUp();

    // then
    assertThat(member.unfinished()).isTrue();
    handled.forEach(done -> done.complete(null));
    member.turn();
    assertThat(member.unfinished()).isFalse();
    assertThat(committed(MINE)).isEqualTo(2);
  }
}
