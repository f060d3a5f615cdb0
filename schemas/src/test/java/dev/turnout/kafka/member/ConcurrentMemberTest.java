package dev.turnout.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.schema.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConcurrentMemberTest {
  private static final TopicPartition MINE = new TopicPartition("t", 0);
  private static final TopicPartition OTHER = new TopicPartition("t", 1);

  private final Watched consumer = new Watched();
  private final Map<String, CompletableFuture<Void>> begun = new LinkedHashMap<>();
  private final Slots slots = new Slots(2);
  private final ConcurrentMember member = member(consumer);

  /** Tells what was committed even after its end, and revokes, which the mock does not. */
  private static final class Watched extends MockConsumer<byte[], byte[]> {
    private final Map<TopicPartition, OffsetAndMetadata> last = new HashMap<>();
    private ConsumerRebalanceListener listener = new NoListener();

    private Watched() {
      super("earliest");
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener with) {
      listener = with;
      super.subscribe(topics, with);
    }

    @Override
    public void close() {
      note();
      super.close();
    }

    private void note() {
      last.putAll(committed(Set.of(MINE, OTHER)));
    }

    private OffsetAndMetadata last() {
      if (!closed()) {
        note();
      }
      return Objects.requireNonNull(last.get(MINE), "nothing is committed");
    }
  }

  private static final class NoListener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
  }

  private ConcurrentMember member(MockConsumer<byte[], byte[]> of) {
    return new ConcurrentMember(
        of,
        "t",
        Duration.ofSeconds(30),
        slots,
        Priority.INTERACTIVE,
        (record, closing) -> {
          CompletableFuture<Void> done = new CompletableFuture<>();
          begun.put(record.partition() + "-" + record.offset(), done);
          return done;
        });
  }

  private void take(int records) throws InterruptedException {
    consumer.updateBeginningOffsets(Map.of(MINE, 0L, OTHER, 0L));
    consumer.rebalance(Set.of(MINE));
    for (int i = 0; i < records; i++) {
      write(MINE, i);
    }
    turns();
  }

  /** As many as it takes to see all that has happened. */
  private void turns() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      member.turn();
    }
  }

  private void write(TopicPartition partition, long offset) {
    byte[] bytes = "x".getBytes(StandardCharsets.UTF_8);
    consumer.addRecord(
        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, bytes, bytes));
  }

  private void finish(String record) {
    assertThat(Objects.requireNonNull(begun.get(record), record).complete(null)).isTrue();
  }

  @Test
  void shouldBeginTheNextAsSoonAsOneIsDone() throws Exception {
    // given two slots, and a slow record before quick ones
    take(6);
    assertThat(begun).containsOnlyKeys("0-0", "0-1");

    // when
    finish("0-1");
    turns();
    finish("0-2");
    turns();

    // then
    assertThat(begun).containsOnlyKeys("0-0", "0-1", "0-2", "0-3");
    assertThat(slots.running()).isEqualTo(2);
  }

  @Test
  void shouldTakeNoMoreThanItCanHoldWhileRecordsWait() throws Exception {
    // given
    take(6);

    // then
    assertThat(consumer.paused()).containsExactly(MINE);
    assertThat(begun).hasSize(2);
  }

  @Test
  void shouldCommitNoFurtherThanAllIsDoneAndSayWhatIsBehind() throws Exception {
    // given
    take(4);

    // when all but the first are done, and the member ends
    finish("0-1");
    turns();
    finish("0-2");
    turns();
    finish("0-3");
    member.wakeUp();
    turns();
    member.close();

    // then the next does only what is not
    OffsetAndMetadata last = consumer.last();
    assertThat(last.offset()).isZero();
    PartitionProgress next = PartitionProgress.of(last.offset(), last.metadata());
    assertThat(next.see(0)).isEqualTo(PartitionProgress.Seen.UNFINISHED);
    assertThat(next.see(1)).isEqualTo(PartitionProgress.Seen.DONE);
    assertThat(next.see(3)).isEqualTo(PartitionProgress.Seen.DONE);
    assertThat(next.see(4)).isEqualTo(PartitionProgress.Seen.NEW);
  }

  @Test
  void shouldNotBeginAgainWhatARebalanceTakesAndGivesBack() throws Exception {
    // given one record under way and one done
    take(2);
    finish("0-1");
    turns();

    // when a rebalance takes all partitions and gives them back with another
    consumer.rebalance(Set.of(MINE, OTHER));
    consumer.seek(MINE, 0);
    write(MINE, 0);
    write(MINE, 1);
    write(MINE, 2);
    begun.remove("0-1");
    turns();

    // then
    assertThat(begun).containsOnlyKeys("0-0", "0-2");
    assertThat(begun.get("0-0")).isNotDone();
    finish("0-0");
    finish("0-2");
    turns();
    member.close();
    assertThat(consumer.last().offset()).isEqualTo(3);
  }

  @Test
  void shouldCommitPastWhatWasDeletedBeforeItWasDone() throws Exception {
    // given a commit by which 0 and 3 are not done, and a topic that has deleted what is before 5
    PartitionProgress before = new PartitionProgress(0);
    for (long offset = 0; offset < 5; offset++) {
      before.see(offset);
    }
    before.done(1);
    before.done(2);
    before.done(4);
    consumer.updateBeginningOffsets(Map.of(MINE, 5L));
    consumer.rebalance(Set.of(MINE));
    consumer.commitSync(Map.of(MINE, new OffsetAndMetadata(0, before.metadata())));
    consumer.rebalance(Set.of());
    consumer.rebalance(Set.of(MINE));
    consumer.seek(MINE, 5);

    // when
    write(MINE, 5);
    turns();
    finish("0-5");
    turns();
    member.close();

    // then
    assertThat(consumer.last().offset()).isEqualTo(6);
  }

  @Test
  void shouldHandOverWithAsMuchDoneAsCanBe() throws Exception {
    // given one record done, one under way that ends soon, and one that waits
    take(4);
    finish("0-1");
    turns();
    assertThat(begun).containsOnlyKeys("0-0", "0-1", "0-2");
    finish("0-2");
    Thread later = new Thread(() -> finish("0-0"));

    // when the partition goes to another member
    later.start();
    consumer.listener.onPartitionsRevoked(List.of(MINE));
    OffsetAndMetadata handedOver = consumer.last();
    consumer.rebalance(Set.of(OTHER));
    turns();

    // then
    later.join();
    assertThat(handedOver.offset()).isEqualTo(3);
    assertThat(begun).doesNotContainKey("0-3");
    assertThat(slots.running()).isZero();
    assertThat(consumer.paused()).doesNotContain(OTHER);
  }

  @Test
  void shouldGiveUpWhatAnotherMemberHas() throws Exception {
    // given
    take(1);

    // when its partition is lost
    consumer.listener.onPartitionsLost(List.of(MINE));
    consumer.rebalance(Set.of(OTHER));
    turns();

    // then
    assertThat(begun.get("0-0")).isCancelled();
    assertThat(slots.running()).isZero();
  }

  @Test
  void shouldFailItsTurnWhenARecordCannotBeHandled() throws Exception {
    // given
    take(2);

    // when
    Objects.requireNonNull(begun.get("0-0"))
        .completeExceptionally(new IllegalStateException("nowhere to write"));

    // then
    assertThatThrownBy(this::turns)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("nowhere to write");
    member.close();
    assertThat(consumer.last().offset()).isZero();
    assertThat(slots.running()).isZero();
  }

  @Test
  void shouldFailItsTurnWhenOthersCancelARecord() throws Exception {
    // given
    take(2);

    // when what is under way is cancelled, but not by the member
    assertThat(Objects.requireNonNull(begun.get("0-0")).cancel(false)).isTrue();

    // then
    assertThatThrownBy(this::turns).isInstanceOf(CancellationException.class);
    member.close();
    assertThat(consumer.last().offset()).isZero();
  }

  @Test
  void shouldWaitForWhatIsUnderWayWhileItCloses() throws Exception {
    // given three records in two slots
    take(3);

    // when
    member.wakeUp();
    turns();

    // then
    assertThat(member.unfinished()).isTrue();
    finish("0-0");
    finish("0-1");
    turns();
    assertThat(member.unfinished()).isFalse();
    assertThat(begun).hasSize(2);
    member.close();
    assertThat(consumer.last().offset()).isEqualTo(2);
  }
}
