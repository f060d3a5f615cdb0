package dev.turnout.app.role;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Takes OTLP over HTTP, and keeps the spans and the names of the metrics; read by field number. */
final class OtlpCollector implements AutoCloseable {

  /**
   * A span.
   *
   * @param kind 2 is a server's, 3 a client's, 5 a consumer's
   * @param attributes as text; a list by its first entry
   */
  record Received(
      String service,
      String trace,
      String id,
      String parent,
      String name,
      long kind,
      Map<String, String> attributes) {}

  private final HttpServer server;
  private final Queue<Received> spans = new ConcurrentLinkedQueue<>();
  private final Set<String> metrics = ConcurrentHashMap.newKeySet();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();

  OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", exchange -> take(exchange, this::spans));
    server.createContext("/v1/metrics", exchange -> take(exchange, this::metrics));
    server.start();
  }

  private interface Reader {
    void read(UnknownFieldSet request);
  }

  private void take(HttpExchange exchange, Reader reader) throws IOException {
    try (exchange) {
      keys.addAll(exchange.getRequestHeaders().getOrDefault("Api-key", List.of()));
      reader.read(UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes()));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void spans(UnknownFieldSet request) {
    messages(request, 1)
        .forEach(
            resource -> {
              String service =
                  messages(resource, 1)
                      .map(each -> attributes(each, 1).getOrDefault("service.name", ""))
                      .findFirst()
                      .orElse("");
              messages(resource, 2)
                  .flatMap(scope -> messages(scope, 2))
                  .forEach(span -> spans.add(span(service, span)));
            });
  }

  private static Received span(String service, UnknownFieldSet span) {
    return new Received(
        service,
        hex(span.getField(1)),
        hex(span.getField(2)),
        hex(span.getField(4)),
        text(span.getField(5)),
        span.getField(6).getVarintList().get(0),
        attributes(span, 9));
  }

  private void metrics(UnknownFieldSet request) {
    messages(request, 1)
        .flatMap(resource -> messages(resource, 2))
        .flatMap(scope -> messages(scope, 2))
        .forEach(metric -> metrics.add(text(metric.getField(1))));
  }

  private static Map<String, String> attributes(UnknownFieldSet owner, int field) {
    Map<String, String> attributes = new HashMap<>();
    messages(owner, field)
        .forEach(
            pair ->
                attributes.put(
                    text(pair.getField(1)),
                    messages(pair, 2).map(OtlpCollector::value).findFirst().orElse("")));
    return attributes;
  }

  private static String value(UnknownFieldSet any) {
    if (any.hasField(1)) {
      return text(any.getField(1));
    }
    if (any.hasField(3)) {
      return Long.toString(any.getField(3).getVarintList().get(0));
    }
    if (any.hasField(4)) {
      return Double.toString(Double.longBitsToDouble(any.getField(4).getFixed64List().get(0)));
    }
    return messages(any, 5)
        .flatMap(list -> messages(list, 1))
        .map(OtlpCollector::value)
        .findFirst()
        .orElse("");
  }

  private static Stream<UnknownFieldSet> messages(UnknownFieldSet owner, int field) {
    return owner.getField(field).getLengthDelimitedList().stream().map(OtlpCollector::parsed);
  }

  private static UnknownFieldSet parsed(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (IOException broken) {
      throw new IllegalArgumentException("not OTLP", broken);
    }
  }

  private static String text(Field field) {
    return field.getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .findFirst()
        .orElse("");
  }

  private static String hex(Field field) {
    return field.getLengthDelimitedList().stream()
        .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
        .findFirst()
        .orElse("");
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  List<Received> spansOf(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  int received() {
    return spans.size();
  }

  Set<String> metricNames() {
    return Set.copyOf(metrics);
  }

  /** What headers {@code api-key} came. */
  Set<String> apiKeys() {
    return Set.copyOf(keys);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
