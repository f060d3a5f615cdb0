package dev.turnout.gateway;

import static dev.turnout.gateway.FakeGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.schema.OutcomeStatus;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams over real connections: order, ends, clients that leave, and those that do not read. */
class GatewayStreamIT {

  private static final String PATH = "/v1/chat/completions";
  private static final String STREAM = ",\"stream\":true";
  private static final long PATIENCE_S = 120;

  private static FakeGateway fake;

  @BeforeAll
  static void start() {
    fake = new FakeGateway("gateway.heartbeat", "300ms", "gateway.stream-buffer-bytes", "65536");
  }

  @AfterAll
  static void stop() {
    fake.close();
  }

  private static List<String> events(HttpResponse<Stream<String>> response) {
    return response.body().filter(line -> !line.isEmpty() && !line.startsWith(":")).toList();
  }

  private static HttpResponse<Stream<String>> stream(String body) throws Exception {
    return fake.http.send(
        fake.request(PATH).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofLines());
  }

  @Test
  void shouldHandPiecesOnAsTheLlmGaveThem() throws Exception {
    // given
    fake.traffic.on(
        "pieces",
        (query, listener) -> {
          listener.chunks(
              FakeTraffic.source(2),
              List.of(
                  FakeTraffic.chunk("{\"role\":\"assistant\",\"content\":\"He\"}"),
                  FakeTraffic.chunk("{\"content\":\"llo\"}")));
          listener.chunks(
              FakeTraffic.source(2),
              List.of("{\"id\":\"chatcmpl-upstream-1\",\"choices\":[],\"usage\":{\"x\":1}}"));
          listener.answered(FakeTraffic.answer(query, "Hello"), null);
        });

    // when
    HttpResponse<Stream<String>> plain = stream(chat("pieces", STREAM));
    List<String> events = events(plain);
    List<String> withUsage =
        events(stream(chat("pieces", STREAM + ",\"stream_options\":{\"include_usage\":true}")));

    // then
    assertThat(plain.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(plain.headers().firstValue("x-turnout-llm")).contains(FakeTraffic.LLM);
    assertThat(plain.headers().firstValue("x-turnout-attempt")).contains("2");
    assertThat(plain.headers().firstValue("x-turnout-model-version")).contains("v7");
    assertThat(events).hasSize(3);
    assertThat(events.get(0)).startsWith("data: {").contains("\"He\"", FakeTraffic.LLM);
    assertThat(events.get(1)).contains("\"llo\"").doesNotContain("upstream-name");
    assertThat(events.get(2)).isEqualTo("data: [DONE]");
    assertThat(withUsage).hasSize(4);
    assertThat(withUsage.get(2)).contains("\"usage\":{\"x\":1}");
  }

  @Test
  void shouldStreamTheAnswerOfAWorkerThatCannot() throws Exception {
    List<String> events = events(stream(chat("in one piece", STREAM)));

    assertThat(events).hasSize(2);
    assertThat(events.get(0)).contains("\"content\":\"in one piece\"", "\"length\"", "\"delta\"");
    assertThat(events.get(1)).isEqualTo("data: [DONE]");
  }

  @Test
  void shouldShowThatSomebodyIsThereWhileNothingComes() throws Exception {
    // given
    CountDownLatch go = new CountDownLatch(1);
    fake.traffic.on(
        "slowly",
        (query, listener) -> {
          go.await();
          listener.refused("NO_LLM", "none is up");
        });

    // when
    HttpResponse<Stream<String>> response = stream(chat("slowly", STREAM));
    List<String> lines = new ArrayList<>();
    response
        .body()
        .forEach(
            line -> {
              lines.add(line);
              go.countDown();
            });

    // then what fails after the first byte is an event
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(lines).contains(": waiting");
    assertThat(lines.get(lines.size() - 2)).startsWith("data: {\"error\":").contains("none is up");
  }

  @Test
  void shouldFailWithAStatusBeforeTheFirstByteAndWithAnEventAfterIt() throws Exception {
    fake.traffic.on(
        "before", (query, listener) -> listener.refused("NO_LLM", "none is allowed: eu-only"));
    fake.traffic.on(
        "after",
        (query, listener) -> {
          listener.chunks(FakeTraffic.source(1), List.of(FakeTraffic.chunk("{\"content\":\"a\"}")));
          listener.answered(
              FakeTraffic.outcome(query)
                  .setStatus(OutcomeStatus.FAILED)
                  .setError("model at http://10.0.0.3:8000 broke")
                  .build(),
              null);
        });
    fake.traffic.on(
        "changed",
        (query, listener) -> {
          listener.chunks(FakeTraffic.source(1), List.of(FakeTraffic.chunk("{\"content\":\"a\"}")));
          listener.chunks(FakeTraffic.source(2), List.of(FakeTraffic.chunk("{\"content\":\"b\"}")));
        });

    HttpResponse<String> before = fake.post(PATH, chat("before", STREAM));
    List<String> after = events(stream(chat("after", STREAM)));
    List<String> changed = events(stream(chat("changed", STREAM)));

    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).contains("eu-only", "NO_LLM");
    assertThat(after).hasSize(2);
    assertThat(after.get(1)).startsWith("data: {\"error\":").doesNotContain("10.0.0.3");
    assertThat(changed).hasSize(2);
    assertThat(changed.get(1)).contains("in the middle").doesNotContain("\"b\"");
    assertThat(fake.traffic.cancelled.poll(PATIENCE_S, TimeUnit.SECONDS)).contains("broke off");
  }

  @Test
  void shouldCancelWhenTheClientLeaves() throws Exception {
    // given
    BlockingQueue<AskListener> waiting = new LinkedBlockingQueue<>();
    fake.traffic.on("leaves", (query, listener) -> waiting.add(listener));

    for (String more : List.of("", STREAM)) {
      // when
      Socket socket = fake.send(PATH, chat("leaves", more));
      assertThat(waiting.poll(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
      socket.close();

      // then
      assertThat(fake.traffic.cancelled.poll(PATIENCE_S, TimeUnit.SECONDS))
          .isEqualTo("the client went away");
    }
    assertThat(
            fake.metrics.get("turnout.gateway.requests").tag("status", "499").timers().stream()
                .mapToLong(timer -> timer.count())
                .sum())
        .isPositive();
  }

  @Test
  void shouldCancelWhenAClientOfHttp2LeavesHoweverEarly() throws Exception {
    // given
    BlockingQueue<AskListener> waiting = new LinkedBlockingQueue<>();
    fake.traffic.on("leaves", (query, listener) -> waiting.add(listener));
    HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpRequest models = fake.request("/v1/models").build();
    HttpResponse<String> upgraded = two.send(models, BodyHandlers.ofString());
    assertThat(upgraded.version()).isEqualTo(HttpClient.Version.HTTP_2);

    for (int early : List.of(0, 1)) {
      // when
      fake.traffic.accepted = new CountDownLatch(early);
      CompletableFuture<HttpResponse<String>> asked =
          two.sendAsync(
              fake.request(PATH).POST(BodyPublishers.ofString(chat("leaves", ""))).build(),
              BodyHandlers.ofString());
      assertThat(waiting.poll(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
      asked.cancel(true);
      // the connection's next request comes after the reset of the stream
      assertThat(two.send(models, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      fake.traffic.accepted.countDown();

      // then
      assertThat(fake.traffic.cancelled.poll(PATIENCE_S, TimeUnit.SECONDS))
          .isEqualTo("the client went away");
    }
  }

  @Test
  void shouldGiveUpAStreamThatIsNotReadAndServeOthersMeanwhile() throws Exception {
    // given
    CountDownLatch full = new CountDownLatch(1);
    String large = FakeTraffic.chunk("{\"content\":\"" + "x".repeat(30_000) + "\"}");
    fake.traffic.on(
        "not read",
        (query, listener) -> {
          while (full.getCount() > 0) {
            listener.chunks(FakeTraffic.source(1), List.of(large));
          }
        });
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);

    // when
    fake.send(socket, PATH, chat("not read", STREAM));

    // then
    assertThat(fake.traffic.cancelled.poll(PATIENCE_S, TimeUnit.SECONDS))
        .isEqualTo("the client does not read its stream");
    assertThat(fake.post(PATH, chat("another", "")).statusCode()).isEqualTo(200);
    full.countDown();
    socket.close();
  }

  @Test
  void shouldServeHundredsOfStreamsWithFewThreads() throws Exception {
    // given
    int streams = 300;
    BlockingQueue<AskListener> listeners = new LinkedBlockingQueue<>();
    fake.traffic.on("many", (query, listener) -> listeners.add(listener));
    List<Socket> sockets = new ArrayList<>();
    List<AskListener> open = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      sockets.add(fake.send(PATH, chat("many", STREAM)));
    }
    for (int i = 0; i < streams; i++) {
      AskListener listener = listeners.poll(PATIENCE_S, TimeUnit.SECONDS);
      assertThat(listener).isNotNull();
      open.add(listener);
    }

    // when
    for (int piece = 0; piece < 10; piece++) {
      String chunk = FakeTraffic.chunk("{\"content\":\"piece " + piece + "\"}");
      open.forEach(listener -> listener.chunks(FakeTraffic.source(1), List.of(chunk)));
    }
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("(qtp|gateway-).*"))
            .count();
    open.forEach(listener -> listener.failed(new java.util.concurrent.TimeoutException()));

    // then
    assertThat(threads).isLessThan(80);
    for (Socket socket : sockets) {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      List<String> pieces = new ArrayList<>();
      String line = reader.readLine();
      while (line != null && !line.contains("\"error\"")) {
        if (line.startsWith("data: ")) {
          pieces.add(line);
        }
        line = reader.readLine();
      }
      assertThat(line).contains("timeout");
      assertThat(pieces).hasSize(10);
      assertThat(pieces.get(9)).contains("piece 9");
      socket.close();
    }
  }

  @Test
  void shouldLetStreamsEndWhileItCloses() throws Exception {
    // given
    FakeGateway closing = new FakeGateway("gateway.drain", "2m");
    CompletableFuture<AskListener> listening = new CompletableFuture<>();
    closing.traffic.on("last", (query, listener) -> listening.complete(listener));
    CompletableFuture<HttpResponse<String>> last =
        closing.http.sendAsync(
            closing.request(PATH).POST(BodyPublishers.ofString(chat("last", STREAM))).build(),
            BodyHandlers.ofString());
    AskListener listener = listening.get(PATIENCE_S, TimeUnit.SECONDS);

    // when
    CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);
    HttpResponse<String> refused = closing.post(PATH, chat("too late", ""));
    while (refused.statusCode() == 200) {
      refused = closing.post(PATH, chat("too late", ""));
    }
    listener.chunks(FakeTraffic.source(1), List.of(FakeTraffic.chunk("{\"content\":\"end\"}")));
    listener.answered(FakeTraffic.answer(closing.traffic.asked.get(0), "end"), null);

    // then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(last.get(PATIENCE_S, TimeUnit.SECONDS).body()).contains("\"end\"", "[DONE]");
    closed.get(PATIENCE_S, TimeUnit.SECONDS);
  }
}
