package dev.turnout.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.SimulatedLlmClient;
import dev.turnout.llm.SkillProfile;
import dev.turnout.llm.TokenPrices;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gateway, worker and Kafka are real; the router is a thread that always decides alike, and refuses
 * "refuse: REASON" for that reason.
 */
class GatewayIT {

  private static final String LLM = "acme/small";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static EdgeCluster cluster;
  private static TopicCatalogue topics;
  private static Gateway gateway;
  private static LlmWorker worker;
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
  static void start() {
    cluster = EdgeCluster.start();
    topics = cluster.freshTopics(LLM);
    gateway = Gateway.start(settings("2m", "t0ken"), new SimpleMeterRegistry());
    worker =
        LlmWorker.start(
            WorkerSettings.from(cluster.values(topics, "worker.llm", LLM)),
            new SimulatedLlmClient(
                new SkillProfile(
                    LLM, Map.of(), 1, Duration.ofMillis(1), 0, 9, new TokenPrices(1, 2)),
                7,
                1),
            new SimpleMeterRegistry());
    router = new Thread(GatewayIT::route, "stand-in-router");
    router.setDaemon(true);
    router.start();
  }

  @AfterAll
  static void stop() throws Exception {
    router.interrupt();
    gateway.close();
    worker.close();
    router.join();
    cluster.close();
  }

  private static void route() {
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
          Query query = queries.deserialize(topics.queries(), record.value());
          done++;
          if (query.getText().contains("never")) {
            continue;
          }
          if (query.getText().startsWith("refuse: ")) {
            refuse(record, query.getText().substring("refuse: ".length()));
            continue;
          }
          RoutedRequest request = EdgeCluster.request(query, LLM);
          cluster.send(
              topics.decisions(), query.getId(), RoutingDecision.class, request.getDecision());
          cluster.send(topics.requests(LLM), query.getId(), RoutedRequest.class, request);
        }
      }
    } catch (Exception ended) {
      Thread.currentThread().interrupt();
    }
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
             {"role":"user","content":"Why?"}],"metadata":{"expected":"42"}}
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
  void shouldExplainWhatItCannotServe() throws Exception {
    assertThat(error(post("/v1/chat/completions", "{}"), 400)).contains("messages");
    assertThat(
            error(
                post(
                    "/v1/chat/completions",
                    "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"),
                400))
        .contains("streaming");
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
    "DEADLINE_PASSED, 503, api_error",
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

    assertThat(error(failed, 500)).contains("dead-letter").doesNotContain("it is");
    assertThat(JSON.readTree(failed.body()).path("error").path("code").asText())
        .isEqualTo("INTERNAL_ERROR");
  }

  @Test
  void shouldForgetARefusalWhenTheQueryIsDecidedAfterAll() throws Exception {
    // given
    String refused = "{\"id\":\"again\",\"text\":\"refuse: NO_LLM\"}";
    assertThat(post("/v1/queries?wait=true", refused).statusCode()).isEqualTo(503);

    // when
    HttpResponse<String> answered =
        post("/v1/queries?wait=true", "{\"id\":\"again\",\"text\":\"Why?\"}");

    // then
    assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
    assertThat(JSON.readTree(get("/v1/decisions/again").body()).path("llm").asText())
        .isEqualTo(LLM);
  }

  @Test
  void shouldAnswerOnceWhateverPartitionAndKeyTheOutcomeHas() throws Exception {
    // given topics that get more partitions while the gateway runs, and a query that waits
    try (Admin admin = Admin.create(cluster.kafka())) {
      for (String topic : List.of(topics.decisions(), topics.outcomes())) {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
      }
    }
    CompletableFuture<HttpResponse<String>> waiting =
        HTTP.sendAsync(
            request("/v1/queries?wait=true")
                .POST(BodyPublishers.ofString("{\"id\":\"odd\",\"text\":\"never routed\"}"))
                .build(),
            BodyHandlers.ofString());
    cluster.read(
        topics.queries(),
        Query.class,
        read -> read.stream().anyMatch(query -> query.getId().equals("odd")));

    // when a worker of another kind answers without keys, and its outcome is reported three times
    sendWithoutKey(topics.decisions(), RoutingDecision.class, EdgeCluster.decision("odd", LLM));
    Outcome.Builder outcome =
        Outcome.newBuilder().setQueryId("odd").setLlm(LLM).setFinishedAt(Instant.now());
    Outcome answer = outcome.setStatus(OutcomeStatus.SUCCEEDED).setAnswer("once").build();
    sendWithoutKey(topics.outcomes(), Outcome.class, answer);
    sendWithoutKey(topics.outcomes(), Outcome.class, answer);
    sendWithoutKey(
        topics.outcomes(), Outcome.class, outcome.setStatus(OutcomeStatus.FAILED).build());

    // then the client has the first, and the gateway goes on
    HttpResponse<String> response = waiting.get(3, TimeUnit.MINUTES);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).path("answer").asText()).isEqualTo("once");
    assertThat(post("/v1/queries?wait=true", "{\"text\":\"Why?\"}").statusCode()).isEqualTo(200);
    assertThat(get("/v1/decisions/odd").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  private static <T extends SpecificRecord> void sendWithoutKey(
      String topic, Class<T> type, T value) throws Exception {
    byte[] bytes = AvroSerdes.of(type, cluster.serde()).serializer().serialize(topic, value);
    cluster.send(new ProducerRecord<>(topic, 2, null, bytes));
  }

  @Test
  void shouldSayWhenThereIsNoAnswerInTime() throws Exception {
    try (Gateway impatient = Gateway.start(settings("1s", ""), new SimpleMeterRegistry())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(impatient.url() + "/v1/queries?wait=true"))
              .POST(BodyPublishers.ofString("{\"text\":\"never routed\"}"))
              .build();

      assertThat(error(HTTP.send(request, BodyHandlers.ofString()), 504))
          .contains("no answer within", topics.dlq());
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
