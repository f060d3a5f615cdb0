package dev.turnout.app.role;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An endpoint that speaks the OpenAI API: it answers questions, and marks answers when asked to.
 */
final class FakeLlmServer implements AutoCloseable {
  static final String ANSWER = "Because it is so.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private FakeLlmServer(HttpServer server) {
    this.server = server;
  }

  static FakeLlmServer start() throws IOException {
    FakeLlmServer fake =
        new FakeLlmServer(
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0));
    fake.server.setExecutor(fake.threads);
    fake.server.createContext("/v1/chat/completions", FakeLlmServer::complete);
    fake.server.start();
    return fake;
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/v1";
  }

  private static void complete(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode asked = JSON.readTree(exchange.getRequestBody());
      boolean toMark = asked.at("/messages/0/content").asText().contains("Mark: N");
      ObjectNode reply = JSON.createObjectNode();
      reply
          .putArray("choices")
          .addObject()
          .putObject("message")
          .put("role", "assistant")
          .put("content", toMark ? "Mark: 8\nIt answers the question." : ANSWER);
      reply.putObject("usage").put("prompt_tokens", 1_000).put("completion_tokens", 500);
      byte[] body = JSON.writeValueAsBytes(reply);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
