package dev.turnout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A gateway with real HTTP and fake traffic, and clients of it. */
final class FakeGateway implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  final FakeTraffic traffic = new FakeTraffic();
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Gateway gateway;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FakeGateway(String... keysAndTexts) {
    Map<String, String> texts =
        ConnectionSettings.texts("localhost:1", "http://localhost:1", TopicCatalogue.standard());
    texts.put("gateway.port", "0");
    texts.put("gateway.drain", "5s");
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      texts.put(keysAndTexts[i], keysAndTexts[i + 1]);
    }
    SortedMap<String, LlmProfile> llms = new TreeMap<>();
    llms.put(FakeTraffic.LLM, FakeTraffic.profile(FakeTraffic.LLM, LlmStatus.ACTIVE));
    llms.put("old", FakeTraffic.profile("old", LlmStatus.DRAINING));
    GatewaySettings settings = GatewaySettings.from(SettingValues.of(texts));
    this.gateway =
        Gateway.start(
            settings,
            new GatewayParts(
                GatewayAccess.ofTokens(settings.tokens(), true, metrics, Clock.systemUTC()),
                traffic,
                () -> llms,
                List::of,
                traffic::close),
            metrics,
            Clock.systemUTC());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path));
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body());
  }

  /** A chat with one message. */
  static String chat(String text, String more) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more + "}";
  }

  /** A connection that has sent a request and reads nothing of its own accord. */
  Socket send(String path, String body) throws IOException {
    return send(new Socket(), path, body);
  }

  /** The same on a socket that is not connected yet. */
  Socket send(Socket socket, String path, String body) throws IOException {
    socket.connect(
        new java.net.InetSocketAddress("localhost", URI.create(gateway.url()).getPort()));
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + path
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
