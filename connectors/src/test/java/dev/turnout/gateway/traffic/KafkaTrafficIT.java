package dev.turnout.gateway.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.lookup.QueryIds;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Broker and registry are real; the test stands for routers and workers. */
class KafkaTrafficIT {

  private static final String LLM = "acme";

  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static KafkaTraffic one;
  private static KafkaTraffic other;

  @BeforeAll
  static void start() {
    cluster = EdgeCluster.start();
    topics = cluster.freshTopics(LLM);
    one = traffic();
    other = traffic();
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
    cluster.close();
  }

  private static KafkaTraffic traffic(String... settings) {
    return KafkaTraffic.start(
        GatewaySettings.from(cluster.values(topics, settings)),
        Clock.systemUTC(),
        new SimpleMeterRegistry());
  }

  @Test
  void shouldGiveEachGatewayItsOwnAnswerToOneId() throws Exception {
    // given one id for two questions (C7)
    RecordingListener first = new RecordingListener();
    RecordingListener second = new RecordingListener();
    Ask unusedFirst = one.ask(query("same", "first?"), null, first);
    Ask unusedSecond = other.ask(query("same", "second?"), null, second);
    ReplyAddress toFirst = published("first?").getReply();
    ReplyAddress toSecond = published("second?").getReply();
    assertThat(toFirst.getAsk()).hasSize(24).isNotEqualTo(toSecond.getAsk());

    // when pieces come in order, twice, and to the wrong partition
    reply(toFirst, chunk(toFirst, "a", 0, "1", "2"));
    reply(new ReplyAddress(toFirst.getPartition(), "of-nobody"), chunk(toSecond, "a", 0, "x"));
    reply(toSecond, chunk(toSecond, "b", 0, "eins"));
    reply(toFirst, chunk(toFirst, "a", 1, "2", "3"));
    reply(toFirst, chunk(toFirst, "a", 0, "1"));
    reply(toSecond, outcome(toSecond, "same", "b", 1, "eins"));
    reply(toFirst, outcome(toFirst, "same", "a", 3, "123"));

    // then
    assertThat(first.end()).isEqualTo("answered SUCCEEDED 123");
    assertThat(first.pieces()).containsExactly("acme1:1", "acme1:2", "acme1:3");
    assertThat(second.end()).isEqualTo("answered SUCCEEDED eins");
    assertThat(second.pieces()).containsExactly("acme1:eins");
  }

  @Test
  void shouldNotMixTheAnswersOfTwoCalls() throws Exception {
    // given a worker that died in the midst of an answer
    RecordingListener listener = new RecordingListener();
    Ask unusedAsk = one.ask(query("twice", "twice?"), null, listener);
    ReplyAddress address = published("twice?").getReply();
    reply(address, chunk(address, "dead", 0, "The", " sky"));

    // when another one asks again
    reply(address, chunk(address, "alive", 0, "Blue", " light"));
    reply(address, outcome(address, "twice", "alive", 2, "Blue light"));

    // then
    assertThat(listener.end())
        .startsWith("failed BrokenAnswerException the answer broke off after 2 pieces")
        .contains("query twice can be fetched");
    assertThat(listener.pieces()).containsExactly("acme1:The", "acme1: sky");
  }

  @Test
  void shouldTellRefusalsAndDecisions() throws Exception {
    RecordingListener refused = new RecordingListener();
    RecordingListener decided = new RecordingListener();
    Ask unusedRefused = one.ask(query("r", "refuse?"), null, refused);
    Ask unusedDecided = other.ask(query("d", "decide?"), null, decided);

    ReplyAddress toRefused = published("refuse?").getReply();
    reply(
        toRefused,
        Reply.newBuilder(base(toRefused, "r", ReplyKind.REFUSAL))
            .setReason("NO_LLM")
            .setDetail("none is active")
            .build());
    ReplyAddress toDecided = published("decide?").getReply();
    reply(
        toDecided,
        Reply.newBuilder(base(toDecided, "d", ReplyKind.DECISION))
            .setDecision(EdgeCluster.decision("d", LLM))
            .build());

    assertThat(refused.end()).isEqualTo("refused NO_LLM none is active");
    assertThat(decided.end()).isEqualTo("decided acme");
  }

  @Test
  void shouldCancelWhatNobodyWantsAnyMore() throws Exception {
    // given
    RecordingListener left = new RecordingListener();
    RecordingListener late = new RecordingListener();
    Ask ask = one.ask(query("left", "leave?"), null, left);
    Ask unusedLate =
        one.ask(
            Query.newBuilder(query("late", "late?"))
                .setDeadline(Instant.now().plusMillis(50))
                .build(),
            null,
            late);
    ReplyAddress address = published("leave?").getReply();

    // when
    ask.cancel("the client went away");
    reply(address, outcome(address, "left", "a", 0, "too late"));

    // then
    assertThat(late.end()).contains("failed TimeoutException no answer to query late");
    assertThat(cluster.read(topics.cancellations(), Cancellation.class, all -> all.size() >= 2))
        .extracting(Cancellation::getQueryId, Cancellation::getReason)
        .contains(tuple("left", "the client went away"), tuple("late", "its deadline has passed"));
    assertThat(left.hasEnded()).isFalse();
  }

  @Test
  void shouldRefuseMoreThanItMayHaveOpen() throws Exception {
    try (KafkaTraffic small = traffic("gateway.max-open", "1")) {
      RecordingListener first = new RecordingListener();
      RecordingListener beyond = new RecordingListener();
      RecordingListener after = new RecordingListener();
      Ask ask = small.ask(query("o1", "open 1?"), null, first);
      Ask unusedBeyond = small.ask(query("o2", "open 2?"), null, beyond);

      assertThat(beyond.end())
          .contains("failed TrafficLimitException 1 queries", "gateway.max-open");

      // when there is room again
      ask.cancel("enough");
      Ask unusedAfter = small.ask(query("o3", "open 3?"), null, after);

      // then
      ReplyAddress address = published("open 3?").getReply();
      reply(address, outcome(address, "o3", "a", 0, "yes"));
      assertThat(after.end()).isEqualTo("answered SUCCEEDED yes");
      assertThat(first.hasEnded()).isFalse();
    }
  }

  @Test
  void shouldLookUpIdsOfAnyFormAfterARestart() throws Exception {
    // given what other gateways' queries left behind, before and after partitions were added
    String timed = QueryIds.next(Clock.systemUTC());
    for (String id : List.of(timed, "order 66/ü", "added-later")) {
      if (id.equals("added-later")) {
        try (Admin admin = Admin.create(cluster.kafka())) {
          for (String topic : List.of(topics.decisions(), topics.outcomes(), topics.dlq())) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get();
          }
        }
      }
      cluster.send(topics.decisions(), id, RoutingDecision.class, EdgeCluster.decision(id, "old"));
      cluster.send(topics.decisions(), id, RoutingDecision.class, EdgeCluster.decision(id, LLM));
      cluster.send(topics.outcomes(), id, Outcome.class, result(id, "the answer to " + id, false));
      cluster.send(topics.outcomes(), id, Outcome.class, result(id, "a shadow's", true));
      cluster.send(
          DeadLetters.of(
              new ConsumerRecord<>(topics.queries(), 0, 7, id.getBytes(UTF_8), new byte[0]),
              topics.dlq(),
              "NO_LLM",
              "at first",
              "route"));
    }

    // when a gateway starts that saw nothing of it
    try (KafkaTraffic restarted = traffic("kafka.metadata.max.age.ms", "500")) {
      for (String id : List.of(timed, "order 66/ü", "added-later")) {
        // then
        assertThat(restarted.decision(id).get(2, TimeUnit.MINUTES))
            .map(RoutingDecision::getLlm)
            .contains(LLM);
        assertThat(restarted.outcome(id).get(2, TimeUnit.MINUTES))
            .map(Outcome::getAnswer)
            .contains("the answer to " + id);
        assertThat(restarted.refusal(id).get(2, TimeUnit.MINUTES))
            .map(refused -> refused.reason() + " " + refused.detail())
            .contains("NO_LLM at first");
      }
      assertThat(restarted.decision("never seen").get(2, TimeUnit.MINUTES)).isEmpty();

      // and what comes later is found although it was not there when it was first asked for
      cluster.send(
          topics.decisions(),
          "never seen",
          RoutingDecision.class,
          EdgeCluster.decision("never seen", LLM));
      Instant patience = Instant.now().plus(Duration.ofMinutes(2));
      while (restarted.decision("never seen").get(1, TimeUnit.MINUTES).isEmpty()) {
        assertThat(Instant.now()).isBefore(patience);
        Thread.sleep(100);
      }
    }
  }

  private static Query query(String id, String text) {
    return Query.newBuilder()
        .setId(id)
        .setText(text)
        .setDeadline(Instant.now().plus(Duration.ofMinutes(5)))
        .build();
  }

  /** The query of a text, as the router would read it. */
  private static Query published(String text) {
    return cluster
        .read(
            topics.queries(),
            Query.class,
            all -> all.stream().anyMatch(query -> query.getText().equals(text)))
        .stream()
        .filter(query -> query.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static void reply(ReplyAddress to, Reply reply) throws Exception {
    Serializer<Reply> serializer = AvroSerdes.of(Reply.class, cluster.serde()).serializer();
    cluster.send(
        new ProducerRecord<>(
            topics.replies(),
            to.getPartition(),
            to.getAsk().getBytes(UTF_8),
            serializer.serialize(topics.replies(), reply)));
  }

  private static Reply base(ReplyAddress to, String id, ReplyKind kind) {
    return Reply.newBuilder().setAsk(to.getAsk()).setQueryId(id).setKind(kind).setLlm(LLM).build();
  }

  private static Reply chunk(ReplyAddress to, String call, int sequence, String... pieces) {
    return Reply.newBuilder(base(to, "any", ReplyKind.CHUNK))
        .setCall(call)
        .setSequence(sequence)
        .setChunks(List.of(pieces))
        .build();
  }

  private static Reply outcome(ReplyAddress to, String id, String call, int pieces, String answer) {
    return Reply.newBuilder(base(to, id, ReplyKind.OUTCOME))
        .setCall(call)
        .setSequence(pieces)
        .setOutcome(result(id, answer, false))
        .build();
  }

  private static Outcome result(String id, String answer, boolean shadow) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm(LLM)
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer(answer)
        .setShadow(shadow)
        .setFinishedAt(Instant.now())
        .build();
  }
}
