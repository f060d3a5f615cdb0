package dev.turnout.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What stands before a registry: lets requests through, or answers them as an ingress does. */
public final class RegistryGate implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String registry;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile @Nullable Page page;

  private record Page(int status, String body) {}

  private RegistryGate(String registry, HttpServer server) {
    this.registry = registry;
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static RegistryGate before(String registry) throws IOException {
    return new RegistryGate(
        registry,
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0));
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Answers every request with this from now on. */
  public void refuse(int status, String body) {
    page = new Page(status, body);
  }

  public void letThrough() {
    page = null;
  }

  /** How many requests were not let through. */
  public int refused() {
    return refused.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Page answer = page;
    if (answer == null) {
      answer = forwarded(exchange, body);
    } else {
      refused.incrementAndGet();
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Page forwarded(HttpExchange exchange, byte[] body) throws IOException {
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(registry + exchange.getRequestURI()))
                  .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofString());
      return new Page(response.statusCode(), response.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Page(503, "");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
