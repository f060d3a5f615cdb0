package dev.turnout.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.FieldLimits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** The producer is Kafka's own for tests, which acknowledges when it is told to. */
class ReplyStreamTest {

  private static final String TOPIC = "turnout.replies";

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          new Cluster(
              "test",
              List.of(new Node(1, "localhost", 1)),
              List.of(new PartitionInfo(TOPIC, 0, null, new Node[0], new Node[0])),
              Set.of(),
              Set.of()),
          false,
          new RoundRobinPartitioner(),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Serde<Reply> serde =
      AvroSerdes.of(Reply.class, Map.of("schema.registry.url", "mock://reply-stream"));
  private final GatewayReplies replies =
      new GatewayReplies("acme", TOPIC, producer, serde.serializer(), new SameThread());

  @Test
  void shouldSendTheFirstPieceAtOnceAndThoseThatWaitTogether() {
    // when
    ReplyStream stream = stream(0);
    IntStream.range(0, 4).forEach(i -> stream.chunk("piece " + i));

    // then
    assertThat(sent()).extracting(Reply::getChunks).containsExactly(List.of("piece 0"));

    // when the broker has that one
    producer.completeNext();

    // then
    assertThat(sent())
        .extracting(Reply::getSequence, Reply::getChunks)
        .endsWith(tuple(1, List.of("piece 1", "piece 2", "piece 3")));

    // when the answer ends, then nothing is waited for
    stream.chunk("piece 4");
    CompletableFuture<Void> end = stream.end(outcome());
    assertThat(sent()).extracting(Reply::getKind).endsWith(ReplyKind.CHUNK, ReplyKind.OUTCOME);
    Reply last = sent().get(3);
    assertThat(last.getSequence()).isEqualTo(5);
    assertThat(last.getDecision().getLlm()).isEqualTo("acme");
    assertThat(last.getOutcome().getQueryText()).isNull();
    assertThat(sent()).extracting(Reply::getCall).containsOnly(last.getCall());

    // and it is safe when the broker says so
    assertThat(end).isNotDone();
    while (producer.completeNext()) {}
    assertThat(end).isCompleted();
    assertThat(replies.memory().held()).isZero();
  }

  @Test
  void shouldGiveUpPiecesThatABrokerIsTooSlowForButNotTheOutcome() {
    // given pieces of more than may wait
    ReplyStream stream = stream(0);
    String piece = "x".repeat(100_000);
    IntStream.range(0, 20).forEach(i -> stream.chunk(piece));

    // then the memory is free again but for what is on its way
    assertThat(replies.memory().held()).isEqualTo(piece.length());

    // when the broker goes on
    CompletableFuture<Void> end = stream.end(outcome());
    while (producer.completeNext()) {}

    // then the outcome says how many there were
    assertThat(end).isCompleted();
    assertThat(sent()).hasSize(2);
    assertThat(sent().get(1).getSequence()).isEqualTo(20);
    assertThat(replies.memory().held()).isZero();
  }

  @Test
  void shouldKeepARecordOfPiecesWithinItsLimits() {
    // given a large piece on its way, and many after it
    ReplyStream stream = stream(0);
    stream.chunk("first");
    String piece = "x".repeat(FieldLimits.CHUNK_BYTES / 2 - 1);
    IntStream.range(0, 3).forEach(i -> stream.chunk(piece));
    IntStream.range(0, FieldLimits.CHUNKS + 1).forEach(i -> stream.chunk("y"));

    // when
    while (producer.completeNext()) {}

    // then
    assertThat(sent()).allSatisfy(reply -> assertThat(FieldLimits.excess(reply)).isNull());
    assertThat(sent().stream().mapToInt(reply -> reply.getChunks().size()).sum())
        .isEqualTo(FieldLimits.CHUNKS + 5);
  }

  @Test
  void shouldEndAgainAfterAFailure() {
    ReplyStream stream = stream(0);
    CompletableFuture<Void> first = stream.end(outcome());
    assertThat(producer.errorNext(new TimeoutException("away"))).isTrue();
    assertThat(first).isCompletedExceptionally();

    CompletableFuture<Void> second = stream.end(outcome());
    producer.completeNext();

    assertThat(second).isCompleted();
  }

  @Test
  void shouldSayThatThereIsNoSuchPartition() {
    ReplyStream stream = stream(4711);
    stream.chunk("piece");

    assertThatThrownBy(() -> stream.end(outcome()).get(1, TimeUnit.MINUTES))
        .hasMessageContaining("partition 4711 of turnout.replies, which has 1");
    assertThat(producer.history()).isEmpty();
    assertThat(replies.memory().held()).isZero();
  }

  private ReplyStream stream(int partition) {
    return replies.open(
        EdgeCluster.request(
            Query.newBuilder()
                .setId("q")
                .setText("?")
                .setChat(new ChatRequest("{}", true))
                .setReply(new ReplyAddress(partition, "ask"))
                .build(),
            "acme"));
  }

  private List<Reply> sent() {
    return producer.history().stream()
        .map(record -> serde.deserializer().deserialize(TOPIC, record.value()))
        .toList();
  }

  private static Outcome outcome() {
    return Outcome.newBuilder()
        .setQueryId("q")
        .setLlm("acme")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setQueryText("?")
        .setFinishedAt(Instant.EPOCH)
        .build();
  }

  /** Runs everything at once. */
  private static final class SameThread extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return true;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
