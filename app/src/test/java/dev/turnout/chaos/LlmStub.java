package dev.turnout.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** An endpoint that speaks the OpenAI API, answers every question alike and counts them. */
final class LlmStub implements AutoCloseable {
  private static final byte[] ANSWER =
      ("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Because it is so.\"}}],"
              + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50}}")
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong calls = new AtomicLong();

  private LlmStub(HttpServer server) {
    this.server = server;
  }

  static LlmStub start() throws IOException {
    LlmStub stub =
        new LlmStub(
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0));
    stub.server.setExecutor(stub.threads);
    stub.server.createContext("/v1/chat/completions", stub::complete);
    stub.server.start();
    return stub;
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/v1";
  }

  long calls() {
    return calls.get();
  }

  private void complete(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      calls.incrementAndGet();
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
