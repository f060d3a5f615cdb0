package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.app.config.Configuration;
import dev.turnout.app.quickstart.Cluster;
import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.router.Router;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One request's trace, from the client through gateway, router and worker to the LLM. */
@Timeout(300)
class TracingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LLM = "alpha";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + CLIENT_SPAN + "-01";
  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"alpha-2026",
       "choices":[{"index":0,"message":{"role":"assistant","content":"four"},"finish_reason":"stop"}],
       "usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}
      """;

  private static Cluster cluster;
  private static HttpServer llm;
  private static final Queue<Map<String, String>> HEARD = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws IOException {
    cluster = Cluster.start(0, 0);
    llm = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    llm.createContext("/v1/chat/completions", TracingIT::answer);
    llm.start();
  }

  @AfterAll
  static void stop() {
    llm.stop(0);
    cluster.close();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> headers = new HashMap<>();
      headers.put("asked", asked);
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      HEARD.add(headers);
      boolean fails = asked.contains("fail, please");
      byte[] body =
          (fails ? "{\"error\":{\"message\":\"no\"}}" : ANSWER).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(fails ? 400 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Encodes every text alike: without a model, the fallback LLM takes each query. */
  private static final class LevelEncoder implements QueryEncoder {
    @Override
    public EncoderId id() {
      return new EncoderId("level", "000000000001", 2);
    }

    @Override
    public float[][] encode(List<String> texts) {
      return texts.stream().map(text -> new float[] {1, 0}).toArray(float[][]::new);
    }

    @Override
    public void close() {}
  }

  /** Gateway, router and worker. */
  private static final class Way implements AutoCloseable {
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Gateway gateway;

    Way(String prefix, Map<String, String> further) throws InterruptedException {
      TopicCatalogue topics = TopicCatalogue.withPrefix(prefix).withPartitions(1);
      cluster.prepare(
          topics,
          List.of(
              LlmProfile.newBuilder()
                  .setId(LLM)
                  .setTopic(topics.requests(LLM))
                  .setStatus(LlmStatus.ACTIVE)
                  .setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                  .build()));
      Map<String, String> texts = cluster.texts(topics);
      texts.putAll(further);
      texts.put("router.fallback-llm", LLM);
      texts.put("gateway.port", "0");
      texts.put("worker.llm", LLM);
      texts.put("worker.delivery", "consumer-group");
      texts.put("worker.url", "http://localhost:" + llm.getAddress().getPort() + "/v1");
      texts.put("worker.model", "alpha-latest");
      texts.put("worker.dialect", "vllm");
      SettingValues values = Configuration.of(texts);
      Router router =
          Router.start(
              RouterSettings.from(values, "test"), new LevelEncoder(), new SimpleMeterRegistry());
      running.push(router);
      running.push(
          WorkerRole.start(
              values, new SimpleMeterRegistry(), new Startup("worker", new CountDownLatch(1))));
      gateway = Gateway.start(GatewaySettings.from(values), new SimpleMeterRegistry());
      running.push(gateway);
      await("the router", () -> router.status().started());
    }

    int ask(String text) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
              .header("traceparent", TRACEPARENT)
              .header("tracestate", "vendor=1")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\""
                          + text
                          + "\"}]}"))
              .build();
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }

    @Override
    public void close() throws Exception {
      while (!running.isEmpty()) {
        running.pop().close();
      }
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waited in vain for " + what).isBefore(end);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Map<String, String> heard(String text) {
    return HEARD.stream()
        .filter(each -> each.getOrDefault("asked", "").contains(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldHandTheClientsTraceOnToTheLlmWithoutTracing() throws Exception {
    // given
    try (OtlpCollector collector = new OtlpCollector();
        Way way = new Way("untraced", Map.of())) {
      // when
      int status = way.ask("two and two, untraced?");

      // then
      assertThat(status).isEqualTo(200);
      assertThat(heard("untraced"))
          .containsEntry("traceparent", TRACEPARENT)
          .containsEntry("tracestate", "vendor=1");
      assertThat(collector.received()).isZero();
    }
  }

  @Test
  void shouldTraceARequestFromTheClientToTheLlm() throws Exception {
    // given
    try (OtlpCollector collector = new OtlpCollector()) {
      Map<String, String> on =
          Map.of(
              "otel.endpoint",
              collector.url(),
              "otel.headers",
              "api-key=s3cret",
              "otel.bsp.schedule.delay",
              "50");
      try (Way way = new Way("traced", on)) {
        // when
        int answered = way.ask("two and two, traced?");
        int failed = way.ask("fail, please");

        // then
        assertThat(answered).isEqualTo(200);
        assertThat(failed).isEqualTo(400);
        await("six spans", () -> collector.spansOf(TRACE).size() >= 6);
      }

      // then: client <- gateway <- router <- worker, which the LLM is told
      OtlpCollector.Received call =
          span(collector, "chat alpha-latest", "gen_ai.response.model", "alpha-2026");
      assertThat(call.service()).isEqualTo("turnout-worker");
      assertThat(call.kind()).isEqualTo(3);
      assertThat(call.attributes())
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.provider.name", "vllm")
          .containsEntry("gen_ai.request.model", "alpha-latest")
          .containsEntry("gen_ai.response.model", "alpha-2026")
          .containsEntry("gen_ai.response.id", "chatcmpl-1")
          .containsEntry("gen_ai.response.finish_reasons", "stop")
          .containsEntry("gen_ai.usage.input_tokens", "11")
          .containsEntry("gen_ai.usage.output_tokens", "3")
          .containsEntry("server.address", "localhost")
          .containsEntry("turnout.llm", LLM)
          .doesNotContainKey("error.type");
      assertThat(heard(", traced"))
          .containsEntry("traceparent", "00-" + TRACE + "-" + call.id() + "-01")
          .containsEntry("tracestate", "vendor=1");
      OtlpCollector.Received decision = byId(collector, call.parent());
      assertThat(decision.name()).isEqualTo("decide");
      assertThat(decision.service()).isEqualTo("turnout-router");
      assertThat(decision.attributes())
          .containsEntry("turnout.llm", LLM)
          .containsEntry("turnout.fallback", "NO_MODEL");
      OtlpCollector.Received request = byId(collector, decision.parent());
      assertThat(request.name()).isEqualTo("POST /v1/chat/completions");
      assertThat(request.service()).isEqualTo("turnout-gateway");
      assertThat(request.kind()).isEqualTo(2);
      assertThat(request.parent()).isEqualTo(CLIENT_SPAN);
      assertThat(request.attributes())
          .containsEntry("http.response.status_code", "200")
          .containsEntry("turnout.llm", LLM)
          .containsEntry("turnout.query.id", call.attributes().get("turnout.query.id"));
      // and what failed says how
      assertThat(span(collector, "chat alpha-latest", "error.type", "400").attributes())
          .doesNotContainKey("gen_ai.response.model");
      // and the metrics went on closing, with the collector's key
      assertThat(collector.metricNames())
          .contains("gen_ai.client.operation.duration", "gen_ai.client.token.usage");
      assertThat(collector.apiKeys()).containsExactly("s3cret");
    }
  }

  private static OtlpCollector.Received span(
      OtlpCollector collector, String name, String attribute, String value) {
    return collector.spansOf(TRACE).stream()
        .filter(span -> span.name().equals(name))
        .filter(span -> Objects.equals(span.attributes().get(attribute), value))
        .findFirst()
        .orElseThrow();
  }

  private static OtlpCollector.Received byId(OtlpCollector collector, String id) {
    return collector.spansOf(TRACE).stream()
        .filter(span -> span.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
