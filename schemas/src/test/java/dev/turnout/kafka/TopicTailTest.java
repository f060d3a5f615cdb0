package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class TopicTailTest {
  private static final TopicPartition FIRST = new TopicPartition("t", 0);
  private static final TopicPartition SECOND = new TopicPartition("t", 1);

  private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
  private final List<String> read = new ArrayList<>();

  private void partitions(int number) {
    consumer.updatePartitions(
        "t",
        IntStream.range(0, number)
            .mapToObj(i -> new PartitionInfo("t", i, null, null, null))
            .toList());
  }

  private void ends(long first, long second) {
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
    consumer.updateEndOffsets(Map.of(FIRST, first, SECOND, second));
  }

  private void write(TopicPartition partition, long offset) {
    consumer.addRecord(
        new ConsumerRecord<>(
            "t", partition.partition(), offset, "k", partition.partition() + "@" + offset));
  }

  private void poll(TopicTail<String, String> tail) {
    tail.poll(Duration.ZERO, record -> read.add(record.value()));
  }

  @Test
  void shouldSayWhenWhatWasThereIsRead() {
    // given
    partitions(2);
    ends(2, 0);
    TopicTail<String, String> tail = TopicTail.fromBeginning(consumer, List.of("t"));
    assertThat(tail.caughtUp()).isFalse();
    tail.begin();

    // when
    write(FIRST, 0);
    poll(tail);
    assertThat(tail.caughtUp()).isFalse();
    write(FIRST, 1);
    poll(tail);

    // then it is, and stays so when more comes
    assertThat(tail.caughtUp()).isTrue();
    write(SECOND, 0);
    assertThat(tail.caughtUp()).isTrue();
    poll(tail);
    assertThat(read).containsExactly("0@0", "0@1", "1@0");
  }

  @Test
  void shouldReadPartitionsThatAppearLaterFromTheirBeginning() {
    // given a tail that started at the end
    partitions(1);
    ends(5, 0);
    TopicTail<String, String> tail = TopicTail.fromEnd(consumer, List.of("t"));
    tail.begin();
    assertThat(consumer.position(FIRST)).isEqualTo(5);
    assertThat(tail.caughtUp()).isTrue();

    // when
    partitions(2);
    poll(tail);
    write(SECOND, 0);
    write(FIRST, 5);
    poll(tail);

    // then what it had reached stays reached
    assertThat(read).containsExactlyInAnyOrder("1@0", "0@5");
    assertThat(consumer.assignment()).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(tail.caughtUp()).isTrue();
  }

  @Test
  void shouldHandARecordOverAgainWhenItsReaderThrew() {
    // given a reader that fails on the second of three records
    partitions(1);
    ends(3, 0);
    TopicTail<String, String> tail = TopicTail.fromBeginning(consumer, List.of("t"));
    tail.begin();
    List.of(0L, 1L, 2L).forEach(offset -> write(FIRST, offset));

    // when
    assertThatThrownBy(
            () ->
                tail.poll(
                    Duration.ZERO,
                    record -> {
                      if (record.offset() == 1) {
                        throw new StackOverflowError();
                      }
                      read.add(record.value());
                    }))
        .isInstanceOf(StackOverflowError.class);

    // then the next poll goes on with that record, which it has not handed over
    assertThat(read).containsExactly("0@0");
    assertThat(consumer.position(FIRST)).isEqualTo(1);
    assertThat(tail.caughtUp()).isFalse();
  }

  @Test
  void shouldBeginAnewWhenTheTopicComesLater() {
    // given
    TopicTail<String, String> tail = TopicTail.fromBeginning(consumer, List.of("t"));
    assertThatThrownBy(() -> poll(tail))
        .isInstanceOf(UnknownTopicOrPartitionException.class)
        .hasMessage("topic t does not exist");

    // when
    partitions(1);
    ends(0, 0);
    poll(tail);

    // then
    assertThat(consumer.assignment()).containsExactly(FIRST);
    assertThat(tail.caughtUp()).isTrue();
  }

  @Test
  void shouldWakeUpAndCloseWithItsLoopsBody() throws Exception {
    // given
    partitions(1);
    ends(0, 0);
    TopicTail<String, String> tail = TopicTail.fromBeginning(consumer, List.of("t"));
    LoopBody body = tail.body(() -> poll(tail));
    body.turn();

    // when
    body.wakeUp();

    // then
    assertThatThrownBy(body::turn).isInstanceOf(WakeupException.class);
    body.close();
    assertThat(consumer.closed()).isTrue();
  }
}
