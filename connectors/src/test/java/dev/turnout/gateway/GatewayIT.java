package dev.turnout.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gateway and Kafka are real; router and workers are a thread that always decides and answers
 * alike, and refuses "refuse: REASON" for that reason.
 */
class GatewayIT {

  private static final String LLM = "acme/small";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static Gateway gateway;
  private static Thread router;

  private static GatewaySettings settings(String timeout, String tokens) {
    return GatewaySettings.from(
        cluster.values(
            topics,
            "gateway.host",
            "localhost",
            "gateway.port",
            "0",
            "gateway.timeout",
            timeout,
            "gateway.tokens",
            tokens,
            "kafka.metadata.max.age.ms",
            "500"));
  }

  @BeforeAll
  static void start() throws Exception {
    cluster = EdgeCluster.start();
    topics = cluster.freshTopics(LLM);
    register(LLM, LlmStatus.ACTIVE);
    gateway = Gateway.start(settings("2m", "t0ken"), new SimpleMeterRegistry());
    router = new Thread(GatewayIT::serve, "stand-in-router");
    router.setDaemon(true);
    router.start();
  }

  @AfterAll
  static void stop() throws Exception {
    router.interrupt();
    gateway.close();
    router.join();
    cluster.close();
  }

  private static void register(String llm, LlmStatus status) throws Exception {
    cluster.send(topics.llms(), llm, LlmProfile.class, FakeTraffic.profile(llm, status));
  }

  private static void serve() {
    Deserializer<Query> queries = AvroSerdes.of(Query.class, cluster.serde()).deserializer();
    int done = 0;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        int seen = done;
        List<ConsumerRecord<byte[], byte[]>> records =
            cluster.readBytes(
                topics.queries(),
                all -> all.size() > seen || Thread.currentThread().isInterrupted());
        for (ConsumerRecord<byte[], byte[]> record : records.subList(done, records.size())) {
          done++;
          serve(record, queries.deserialize(topics.queries(), record.value()));
        }
      }
    } catch (Exception ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void serve(ConsumerRecord<byte[], byte[]> record, Query query) throws Exception {
    if (query.getText().contains("never")) {
      return;
    }
    if (query.getText().startsWith("refuse: ")) {
      String reason = query.getText().substring("refuse: ".length());
      refuse(record, reason);
      reply(query, reply(query, ReplyKind.REFUSAL).setReason(reason).setDetail("it is " + reason));
      return;
    }
    RoutingDecision decision = EdgeCluster.decision(query.getId(), LLM);
    cluster.send(topics.decisions(), query.getId(), RoutingDecision.class, decision);
    if (query.getDecideOnly()) {
      reply(query, reply(query, ReplyKind.DECISION).setDecision(decision));
      return;
    }
    boolean stream = query.getChat() != null && query.getChat().getStream();
    if (stream) {
      reply(
          query,
          reply(query, ReplyKind.CHUNK)
              .setChunks(
                  List.of(
                      FakeTraffic.chunk("{\"role\":\"assistant\",\"content\":\"4\"}"),
                      FakeTraffic.chunk("{\"content\":\"2\"}"))));
    }
    Outcome outcome =
        Outcome.newBuilder(FakeTraffic.answer(query, "42"))
            .setFinishedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();
    cluster.send(topics.outcomes(), query.getId(), Outcome.class, outcome);
    reply(
        query,
        reply(query, ReplyKind.OUTCOME)
            .setSequence(stream ? 2 : 0)
            .setOutcome(outcome)
            .setDecision(decision));
  }

  private static Reply.Builder reply(Query query, ReplyKind kind) {
    return Reply.newBuilder()
        .setAsk(query.getReply() == null ? "" : query.getReply().getAsk())
        .setQueryId(query.getId())
        .setKind(kind)
        .setCall("call-1")
        .setModelVersion("v7")
        .setLlm(LLM);
  }

  private static void reply(Query query, Reply.Builder reply) throws Exception {
    if (query.getReply() == null) {
      return;
    }
    String topic = topics.replies();
    byte[] bytes =
        AvroSerdes.of(Reply.class, cluster.serde()).serializer().serialize(topic, reply.build());
    cluster.send(
        new ProducerRecord<>(
            topic,
            query.getReply().getPartition(),
            query.getReply().getAsk().getBytes(UTF_8),
            bytes));
  }

  private static void refuse(ConsumerRecord<byte[], byte[]> record, String reason)
      throws Exception {
    cluster.send(DeadLetters.of(record, topics.dlq(), reason, "it is " + reason, "route"));
  }

  @Test
  void shouldAnswerLikeOpenAi() throws Exception {
    // when
    HttpResponse<String> response =
        post(
            "/v1/chat/completions",
            """
            {"model":"turnout","messages":[{"role":"system","content":"Be brief"},
             {"role":"user","content":"Why?"}]}
            """);

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode json = JSON.readTree(response.body());
    assertThat(json.path("object").asText()).isEqualTo("chat.completion");
    assertThat(json.path("model").asText()).isEqualTo(LLM);
    assertThat(json.path("choices").get(0).path("message").path("content").asText())
        .isEqualTo("42");
    assertThat(json.path("usage").path("total_tokens").asLong()).isPositive();
    assertThat(response.headers().firstValue("x-turnout-llm")).contains(LLM);
    String id = response.headers().firstValue("x-turnout-query-id").orElseThrow();

    // and its decision can be asked for
    JsonNode decision = JSON.readTree(get("/v1/decisions/" + id).body());
    assertThat(decision.path("llm").asText()).isEqualTo(LLM);
    assertThat(decision.path("reason").asText()).isEqualTo("the only one");

    // and the answer can be graded
    HttpResponse<String> feedback =
        post("/v1/feedback", "{\"queryId\":\"" + id + "\",\"reward\":0.5}");
    assertThat(feedback.statusCode()).isEqualTo(202);
    Grade grade = cluster.read(topics.feedback(), Grade.class, read -> !read.isEmpty()).get(0);
    assertThat(grade.getQueryId()).isEqualTo(id);
    assertThat(grade.getLlm()).isEqualTo(LLM);
    assertThat(grade.getReward()).isEqualTo(0.5);
  }

  @Test
  void shouldTakeQueriesAndAnswerAtOnceOrAfterTheOutcome() throws Exception {
    HttpResponse<String> accepted =
        post("/v1/queries", "{\"id\":\"mine\",\"text\":\"Why?\",\"tenant\":\"default\"}");
    HttpResponse<String> waited =
        post(
            "/v1/queries?wait=true",
            "{\"text\":\"Why?\",\"constraints\":{\"maxCostUsd\":0.1,\"explore\":false}}");

    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(JSON.readTree(accepted.body()).path("id").asText()).isEqualTo("mine");
    assertThat(waited.statusCode()).as(waited.body()).isEqualTo(200);
    assertThat(JSON.readTree(waited.body()).path("status").asText()).isEqualTo("SUCCEEDED");
    List<Query> queries =
        cluster.read(
            topics.queries(),
            Query.class,
            read -> read.stream().anyMatch(query -> query.getId().equals("mine")));
    assertThat(queries)
        .filteredOn(query -> query.getId().equals("mine"))
        .allSatisfy(query -> assertThat(query.getTenant()).isEqualTo("default"));
  }

  @Test
  void shouldStreamAndDecideAndTellWhatBecameOfIt() throws Exception {
    // when
    HttpResponse<String> stream =
        post(
            "/v1/chat/completions",
            "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Stream!\"}]}");
    HttpResponse<String> decided = post("/v1/route", "{\"text\":\"Where to?\"}");

    // then
    assertThat(stream.body().lines().filter(line -> line.startsWith("data: ")))
        .hasSize(3)
        .last()
        .isEqualTo("data: [DONE]");
    String id = stream.headers().firstValue("x-turnout-query-id").orElseThrow();
    assertThat(JSON.readTree(get("/v1/outcomes/" + id).body()).path("answer").asText())
        .isEqualTo("42");
    assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
    assertThat(JSON.readTree(decided.body()).path("reason").asText()).isEqualTo("the only one");
  }

  @Test
  void shouldFollowWhichLlmsThereAre() throws Exception {
    // given
    String body = "{\"model\":\"new/one\",\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"}]}";
    assertThat(error(post("/v1/chat/completions", body), 404)).contains("new/one");

    // when
    register("new/one", LlmStatus.ACTIVE);
    awaitStatus(body, 200);
    register("new/one", LlmStatus.DRAINING);
    awaitStatus(body, 503);
    cluster.sendBytes(topics.llms(), "new/one", null);
    awaitStatus(body, 404);

    // then
    assertThat(get("/v1/models").body()).contains(LLM).doesNotContain("new/one");
  }

  private static void awaitStatus(String body, int status) throws Exception {
    Instant patience = Instant.now().plus(Duration.ofMinutes(2));
    int last = post("/v1/chat/completions", body).statusCode();
    while (last != status && Instant.now().isBefore(patience)) {
      last = post("/v1/chat/completions", body).statusCode();
    }
    assertThat(last).isEqualTo(status);
  }

  @Test
  void shouldExplainWhatItCannotServe() throws Exception {
    assertThat(error(post("/v1/chat/completions", "{}"), 400)).contains("messages");
    assertThat(error(post("/v1/queries", "{\"text\":\" \"}"), 400)).contains("empty");
    assertThat(error(post("/v1/queries", "no json"), 400)).contains("not JSON");
    assertThat(error(post("/v1/queries", "{\"text\":\"" + "x".repeat(2_100_000) + "\"}"), 413))
        .contains("text has 2100000 bytes, the limit is 2097152");
    assertThat(error(post("/v1/feedback", "{\"queryId\":\"q\",\"reward\":7}"), 400))
        .contains("0..1");
    assertThat(error(get("/v1/decisions/none"), 404)).contains("\"none\"");
    assertThat(error(post("/v1/queries", "{\"text\":\"?\",\"replyTo\":\"someone-elses\"}"), 400))
        .contains("someone-elses", "topics.reply-to");
    HttpRequest stranger =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/decisions/x")).build();
    assertThat(error(HTTP.send(stranger, BodyHandlers.ofString()), 401)).contains("API key");
  }

  @Test
  void shouldRefuseWhatIsTooLargeHoweverItIsSent() throws Exception {
    // given 5.9 MiB of text whose length the client does not announce, and does
    byte[] body = ("{\"text\":\"" + "x".repeat(6_186_598) + "\"}").getBytes(UTF_8);
    HttpRequest chunked =
        request("/v1/queries")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
            .build();

    // when, then
    assertThat(error(HTTP.send(chunked, BodyHandlers.ofString()), 413))
        .contains("the body has more than 4194304 bytes");
    assertThat(error(post("/v1/queries", new String(body, UTF_8)), 413))
        .contains("the body has more than 4194304 bytes");
    assertThat(
            error(
                post(
                    "/v1/queries",
                    "{\"text\":\"t\",\"constraints\":{\"policy\":\"" + "p".repeat(129) + "\"}}"),
                413))
        .contains("constraints.policy has 129 bytes, the limit is 128");
    assertThat(
            error(
                post(
                    "/v1/feedback",
                    "{\"queryId\":\"q\",\"llm\":\"m\",\"reward\":1,\"comment\":\""
                        + "c".repeat(FieldLimits.COMMENT + 1)
                        + "\"}"),
                413))
        .contains("comment has 16385 bytes, the limit is 16384");
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_TEXT, 422, invalid_request_error",
    "INVALID_CONSTRAINTS, 422, invalid_request_error",
    "NO_LLM, 503, api_error",
    "DEADLINE_PASSED, 504, api_error",
    "BUDGET_EXHAUSTED, 503, api_error"
  })
  void shouldSayAtOnceWhyAQueryIsRefused(String reason, int status, String type) throws Exception {
    // when
    HttpResponse<String> chat =
        post(
            "/v1/chat/completions",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"refuse: " + reason + "\"}]}");

    // then
    assertThat(error(chat, status)).contains("it is " + reason);
    assertThat(chat.headers().firstValue("retry-after"))
        .isEqualTo(status == 503 ? Optional.of("2") : Optional.empty());
    JsonNode error = JSON.readTree(chat.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo(type);
    assertThat(error.path("code").asText()).isEqualTo(reason);

    // and who asks for its decision is told the same
    String id = chat.headers().firstValue("x-turnout-query-id").orElseThrow();
    assertThat(get("/v1/decisions/" + id).statusCode()).isEqualTo(status);
    assertThat(get("/v1/decisions/" + id).body()).isEqualTo(chat.body());
  }

  @Test
  void shouldKeepToItselfWhatWentWrongInside() throws Exception {
    HttpResponse<String> failed =
        post("/v1/queries?wait=true", "{\"text\":\"refuse: INTERNAL_ERROR\"}");

    assertThat(error(failed, 500)).contains("on this side").doesNotContain("it is");
    assertThat(JSON.readTree(failed.body()).path("error").path("code").asText())
        .isEqualTo("INTERNAL_ERROR");
  }

  @Test
  void shouldSayWhenThereIsNoAnswerInTime() throws Exception {
    try (Gateway impatient = Gateway.start(settings("1s", ""), new SimpleMeterRegistry())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(impatient.url() + "/v1/queries?wait=true"))
              .POST(BodyPublishers.ofString("{\"text\":\"never routed\"}"))
              .build();

      assertThat(error(HTTP.send(request, BodyHandlers.ofString()), 504))
          .contains("no answer within")
          .doesNotContain(topics.prefix());
    }
  }

  @Test
  void shouldReportItsHealth() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  private static String error(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body()).path("error").path("message").asText();
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return HTTP.send(
        request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(request(path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path))
        .header("Authorization", "Bearer t0ken");
  }
}
