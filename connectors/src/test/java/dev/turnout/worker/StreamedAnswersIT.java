package dev.turnout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.traffic.Ask;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.gateway.traffic.RecordingListener;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.ReplyAddress;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways' traffic, worker and broker are real; the router is a thread, the LLM this test. */
class StreamedAnswersIT {

  private static final String LLM = "acme";
  private static final int PIECES = 200;

  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static KafkaTraffic one;
  private static KafkaTraffic other;
  private static LlmWorker worker;
  private static Thread router;
  private static volatile boolean stopping;

  private static final ScriptedLlm llm = new ScriptedLlm();
  private static final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  /** Streams its question's words over and over, or waits to be told. */
  private static final class ScriptedLlm implements LlmClient {
    final Map<String, CompletableFuture<Completion>> asked = new ConcurrentHashMap<>();
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public CompletableFuture<Completion> complete(RoutedRequest request) {
      calls.incrementAndGet();
      CompletableFuture<Completion> answer = new CompletableFuture<>();
      String text = request.getQuery().getText();
      asked.put(request.getQuery().getId(), answer);
      if (!text.startsWith("wait")) {
        answer.complete(completion("to " + text));
      }
      return answer;
    }

    @Override
    public CompletableFuture<Completion> complete(RoutedRequest request, ChunkListener chunks) {
      return CompletableFuture.supplyAsync(
          () -> {
            IntStream.range(0, PIECES).forEach(i -> chunks.chunk(piece(request.getQuery(), i)));
            return completion("whole");
          });
    }

    static String piece(Query query, int number) {
      return "{\"" + query.getText() + "\":" + number + "}";
    }

    static Completion completion(String answer) {
      return new Completion(
          answer,
          3L,
          4L,
          0.1,
          null,
          new Completion.Chat("{\"id\":\"c\"}", Duration.ofMillis(7), 2L, 1L));
    }
  }

  @BeforeAll
  static void start() {
    cluster = EdgeCluster.start();
    topics = cluster.freshTopics(LLM);
    one = traffic(topics);
    other = traffic(topics);
    worker = worker(topics, metrics);
    router = new Thread(() -> route(topics), "stand-in-router");
    router.setDaemon(true);
    router.start();
  }

  @AfterAll
  static void stop() throws Exception {
    stopping = true;
    one.close();
    other.close();
    worker.close();
    router.join();
    cluster.close();
  }

  private static KafkaTraffic traffic(TopicCatalogue in) {
    return KafkaTraffic.start(
        GatewaySettings.from(cluster.values(in)), Clock.systemUTC(), new SimpleMeterRegistry());
  }

  private static LlmWorker worker(TopicCatalogue in, SimpleMeterRegistry metrics) {
    return LlmWorker.start(
        WorkerSettings.from(
            cluster.values(
                in,
                "worker.llm",
                LLM,
                "worker.delivery",
                "consumer-group",
                "worker.retry-delay",
                "50ms")),
        llm,
        metrics);
  }

  private static void route(TopicCatalogue in) {
    var queries = AvroSerdes.of(Query.class, cluster.serde()).deserializer();
    int done = 0;
    try {
      while (!stopping) {
        int seen = done;
        List<ConsumerRecord<byte[], byte[]>> records =
            cluster.readBytes(in.queries(), all -> all.size() > seen || stopping);
        for (ConsumerRecord<byte[], byte[]> record : records.subList(done, records.size())) {
          done++;
          Query query = queries.deserialize(in.queries(), record.value());
          if (!query.getText().startsWith("held")) {
            request(in, query);
          }
        }
      }
    } catch (Exception ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void request(TopicCatalogue in, Query query) throws Exception {
    cluster.send(
        in.requests(LLM), query.getId(), RoutedRequest.class, EdgeCluster.request(query, LLM));
  }

  @Test
  void shouldStreamToEachGatewayItsOwnAnswer() throws Exception {
    // given one id at two gateways
    RecordingListener first = new RecordingListener();
    RecordingListener second = new RecordingListener();

    // when
    Ask unusedFirst = one.ask(query("same", "a", true), null, first);
    Ask unusedSecond = other.ask(query("same", "b", true), null, second);

    // then
    assertThat(first.end()).isEqualTo("answered SUCCEEDED whole");
    assertThat(second.end()).isEqualTo("answered SUCCEEDED whole");
    assertThat(first.pieces()).containsExactlyElementsOf(pieces("a"));
    assertThat(second.pieces()).containsExactlyElementsOf(pieces("b"));
    assertThat(Objects.requireNonNull(first.decision()).getEmbedding()).isNull();

    // and the whole is kept
    Outcome kept = outcome(topics, "same");
    assertThat(kept.getResponse()).isEqualTo("{\"id\":\"c\"}");
    assertThat(kept.getFirstTokenMs()).isEqualTo(7);
    assertThat(kept.getCachedPromptTokens()).isEqualTo(2);
    assertThat(kept.getReasoningTokens()).isEqualTo(1);
  }

  private static List<String> pieces(String text) {
    return IntStream.range(0, PIECES)
        .mapToObj(i -> LLM + "1:" + ScriptedLlm.piece(query("any", text, true), i))
        .toList();
  }

  @Test
  void shouldEndTheCallOfAQueryThatNobodyWantsAnyMore() throws Exception {
    // given a call under way
    RecordingListener listener = new RecordingListener();
    Ask ask = one.ask(query("left", "wait for it", false), null, listener);
    CompletableFuture<Completion> call = asked("left");

    // when
    ask.cancel("the client went away");

    // then
    Outcome outcome = outcome(topics, "left");
    assertThat(outcome.getCancelled()).isTrue();
    assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.FAILED);
    assertThat(outcome.getError()).isEqualTo("cancelled: the client went away");
    assertThat(call).isCancelled();
    assertThat(metrics.get("turnout.worker.cancelled").tag("when", "asked").counter().count())
        .isPositive();
    assertThat(listener.hasEnded()).isFalse();
  }

  @Test
  void shouldNotAskForAQueryThatWasCancelledBeforeItsTurn() throws Exception {
    // given two asks of one id, both still with the router, one of them cancelled
    RecordingListener unheard = new RecordingListener();
    RecordingListener wanted = new RecordingListener();
    Ask ask = one.ask(query("twice", "held 1", false), null, unheard);
    Ask unusedOther = other.ask(query("twice", "held 2", false), null, wanted);
    ask.cancel("changed their mind");
    List<Query> held =
        cluster
            .read(
                topics.queries(),
                Query.class,
                all -> all.stream().filter(q -> q.getId().equals("twice")).count() == 2)
            .stream()
            .filter(query -> query.getId().equals("twice"))
            .toList();
    // one that is cancelled by another gateway's cancellation shows that the worker has read on
    Ask mark = one.ask(query("mark", "wait too", false), null, new RecordingListener());
    CompletableFuture<Completion> marked = asked("mark");
    mark.cancel("done");
    assertThat(outcome(topics, "mark").getCancelled()).isTrue();
    assertThat(marked).isCancelled();

    // when their turn comes
    for (Query query : held) {
      request(topics, query);
    }

    // then only the other is asked
    assertThat(wanted.end()).isEqualTo("answered SUCCEEDED to held 2");
    assertThat(
            cluster.read(
                topics.outcomes(),
                Outcome.class,
                all -> all.stream().filter(o -> o.getQueryId().equals("twice")).count() == 2))
        .filteredOn(outcome -> outcome.getQueryId().equals("twice"))
        .extracting(Outcome::getCancelled)
        .containsExactlyInAnyOrder(true, false);
    assertThat(unheard.hasEnded()).isFalse();
  }

  @Test
  void shouldNotAskAgainWhenTheOutcomeCannotBePublished() throws Exception {
    // given a topic that takes no outcome, not even one without its contents (D3)
    TopicCatalogue narrow = cluster.freshTopics(LLM);
    cluster.setLimit(narrow.outcomes(), 100);
    Query query = query("paid", "once", false);
    int before = llm.calls.get();
    try (LlmWorker narrowed = worker(narrow, new SimpleMeterRegistry())) {
      // when
      request(narrow, query);
      request(narrow, Query.newBuilder(query).setId("next").build());

      // then both are dead letters, and each was asked once
      List<ConsumerRecord<byte[], byte[]>> letters =
          cluster.readBytes(narrow.dlq(), all -> all.size() >= 2);
      assertThat(letters).hasSize(2);
      assertThat(
              new String(
                  letters.get(0).headers().lastHeader(DeadLetters.DETAIL).value(),
                  StandardCharsets.UTF_8))
          .contains("has answered", "outcome could not be published");
      assertThat(llm.calls.get() - before).isEqualTo(2);
      assertThat(narrowed.health(Instant.now()).live()).isTrue();
    }
  }

  @Test
  void shouldAnswerAlthoughTheReplyAddressIsNone() throws Exception {
    Query query =
        Query.newBuilder(query("astray", "anything", true))
            .setReply(new ReplyAddress(4711, "nobody"))
            .build();

    request(topics, query);

    assertThat(outcome(topics, "astray").getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
  }

  private static CompletableFuture<Completion> asked(String id) throws Exception {
    Instant patience = Instant.now().plus(Duration.ofMinutes(2));
    while (!llm.asked.containsKey(id)) {
      assertThat(Instant.now()).as("the LLM is asked").isBefore(patience);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return Objects.requireNonNull(llm.asked.get(id));
  }

  private static Outcome outcome(TopicCatalogue in, String id) {
    return cluster
        .read(
            in.outcomes(),
            Outcome.class,
            all -> all.stream().anyMatch(outcome -> outcome.getQueryId().equals(id)))
        .stream()
        .filter(outcome -> outcome.getQueryId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Query query(String id, String text, boolean stream) {
    return Query.newBuilder()
        .setId(id)
        .setText(text)
        .setChat(new ChatRequest("{}", stream))
        .setDeadline(Instant.now().plus(Duration.ofMinutes(5)))
        .build();
  }
}
