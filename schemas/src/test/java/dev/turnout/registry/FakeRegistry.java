package dev.turnout.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server that gives prepared answers, the last one for ever, and keeps the requests.
 */
public final class FakeRegistry implements AutoCloseable {

  private final HttpServer server;
  private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
  private volatile @Nullable Supplier<String> made;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  record Answer(int status, String body, @Nullable String location) {}

  public record Request(
      String method,
      String path,
      String body,
      @Nullable String authorization,
      @Nullable String contentType) {}

  private FakeRegistry(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.start();
  }

  public static FakeRegistry start() throws IOException {
    return new FakeRegistry(HttpServer.create(anyPort(), 0));
  }

  public static FakeRegistry start(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new FakeRegistry(server);
  }

  private static InetSocketAddress anyPort() throws IOException {
    return new InetSocketAddress(InetAddress.getByName("localhost"), 0);
  }

  public FakeRegistry answering(int status, String body) {
    answers.add(new Answer(status, body, null));
    return this;
  }

  /** Forgets the answers prepared so far, and what was asked. */
  public void answerOnly(int status, String body) {
    answers.clear();
    requests.clear();
    FakeRegistry unusedThis = answering(status, body);
  }

  /** Answers every request with a body made for it. */
  public FakeRegistry answeringBy(Supplier<String> body) {
    made = body;
    return this;
  }

  public FakeRegistry redirecting(String location) {
    answers.add(new Answer(302, "", location));
    return this;
  }

  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://localhost:" + server.getAddress().getPort();
  }

  public List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type")));
    Supplier<String> making = made;
    Answer answer =
        making != null
            ? new Answer(200, making.get(), null)
            : answers.size() > 1 ? answers.poll() : answers.peek();
    byte[] body = answer == null ? new byte[0] : answer.body().getBytes(StandardCharsets.UTF_8);
    if (answer != null && answer.location() != null) {
      exchange.getResponseHeaders().add("Location", answer.location());
    }
    boolean bodiless = answer != null && answer.status() == 204;
    exchange.sendResponseHeaders(
        answer == null ? 500 : answer.status(), bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
