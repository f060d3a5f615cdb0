package dev.turnout.llm.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that says exactly what it is told, and keeps what it is asked. */
final class StubLlmServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch came = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  /** What was asked. */
  record Asked(URI uri, Headers headers, JsonNode body, Instant at) {
    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  /** Answers one request. */
  interface Reply {
    void to(HttpExchange exchange, StubLlmServer server) throws Exception;
  }

  private StubLlmServer(HttpServer server) {
    this.server = server;
  }

  static StubLlmServer start() {
    try {
      StubLlmServer stub =
          new StubLlmServer(
              HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0));
      stub.server.setExecutor(stub.threads);
      stub.server.createContext("/", stub::handle);
      stub.server.start();
      return stub;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next reply; the last one is given again and again. */
  StubLlmServer then(Reply reply) {
    replies.add(reply);
    return this;
  }

  StubLlmServer then(int status, String body) {
    return then(status, Map.of(), body);
  }

  StubLlmServer then(int status, Map<String, String> headers, String body) {
    return then(
        (exchange, stub) -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          headers.forEach(exchange.getResponseHeaders()::set);
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  /** A stream of these texts, byte for byte; an empty one waits until the client has left. */
  StubLlmServer thenStream(String... pieces) {
    return then(
        (exchange, stub) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          for (String piece : pieces) {
            if (piece.isEmpty()) {
              stub.awaitGone(out);
            } else {
              out.write(piece.getBytes(StandardCharsets.UTF_8));
              out.flush();
            }
          }
        });
  }

  /** Writes comments until that fails. */
  private void awaitGone(OutputStream out) throws InterruptedException {
    try {
      while (!threads.isShutdown()) {
        out.write("\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException gone) {
      left.countDown();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      asked.add(
          new Asked(
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              JSON.readTree(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body),
              Instant.now()));
      came.countDown();
      Reply reply = replies.size() > 1 ? replies.poll() : replies.element();
      reply.to(exchange, this);
    } catch (IOException gone) {
      left.countDown();
      throw gone;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  List<Asked> asked() {
    return asked;
  }

  void awaitAsked() throws InterruptedException {
    assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
  }

  JsonNode body() {
    return asked.get(asked.size() - 1).body();
  }

  /** Whether a client closed its connection in the midst of an answer. */
  boolean clientLeaves() throws InterruptedException {
    return left.await(30, TimeUnit.SECONDS);
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI url(String path) {
    return URI.create("http://localhost:" + port() + path);
  }

  static Reply after(Duration delay, Reply reply) {
    return (exchange, stub) -> {
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
      reply.to(exchange, stub);
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
