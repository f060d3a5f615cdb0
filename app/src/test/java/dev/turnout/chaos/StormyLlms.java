package dev.turnout.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * LLMs that speak the OpenAI API and fail in every way: each is in one mood until it is told
 * another. No two answers are alike, so that it shows which of them a client was given.
 */
final class StormyLlms implements AutoCloseable {

  /** How an LLM behaves. */
  enum Mood {
    WELL,
    SLOW,
    BROKEN,
    OVERLOADED,
    LOCKED,
    SILENT,
    CUT_OFF,
    ERROR_INSIDE,
    REFUSING_SOME
  }

  private static final Duration SLOW = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Mood> moods = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();

  private StormyLlms(HttpServer server) {
    this.server = server;
  }

  static StormyLlms start(List<String> llms) throws IOException {
    StormyLlms stormy =
        new StormyLlms(
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0));
    stormy.server.setExecutor(stormy.threads);
    for (String llm : llms) {
      stormy.moods.put(llm, Mood.WELL);
      stormy.server.createContext(
          "/" + llm + "/v1/chat/completions", exchange -> stormy.complete(llm, exchange));
    }
    stormy.server.start();
    return stormy;
  }

  String url(String llm) {
    return "http://localhost:" + server.getAddress().getPort() + "/" + llm + "/v1";
  }

  void set(String llm, Mood mood) {
    moods.put(llm, mood);
  }

  long calls() {
    return calls.get();
  }

  private void complete(String llm, HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      long call = calls.incrementAndGet();
      switch (moods.getOrDefault(llm, Mood.WELL)) {
        case WELL -> answer(exchange, call);
        case SLOW -> {
          pause(SLOW);
          answer(exchange, call);
        }
        case SILENT -> pause(SILENCE);
        case CUT_OFF -> {} // closed without a word
        case BROKEN -> send(exchange, 500, "{\"error\":{\"message\":\"out of order\"}}");
        case LOCKED -> send(exchange, 401, "{\"error\":{\"message\":\"no such key\"}}");
        case ERROR_INSIDE -> send(exchange, 200, "{\"error\":{\"message\":\"lost my way\"}}");
        case OVERLOADED -> {
          exchange.getResponseHeaders().add("Retry-After", "1");
          send(exchange, 429, "{\"error\":{\"message\":\"too many\"}}");
        }
        case REFUSING_SOME -> {
          if (ThreadLocalRandom.current().nextInt(3) == 0) {
            send(exchange, 400, "{\"error\":{\"message\":\"not this one\"}}");
          } else {
            answer(exchange, call);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration longest) throws InterruptedException {
    boolean unusedClosed = closed.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void answer(HttpExchange exchange, long call) throws IOException {
    send(
        exchange,
        200,
        """
        {"choices":[{"message":{"role":"assistant","content":"answer %d"}}],
         "usage":{"prompt_tokens":100,"completion_tokens":50}}\
        """
            .formatted(call));
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
