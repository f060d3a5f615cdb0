package dev.turnout.console.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** One tab of a real, headless Chromium, driven by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers;
  private final List<String> complaints;
  private String session = "";

  private Chromium(
      Process process,
      WebSocket socket,
      Map<Integer, CompletableFuture<JsonNode>> answers,
      List<String> complaints) {
    this.process = process;
    this.socket = socket;
    this.answers = answers;
    this.complaints = complaints;
  }

  /** Where it is on the PATH. */
  static Optional<Path> installed() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(
            folder ->
                List.of("chromium", "chromium-browser", "google-chrome").stream()
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    URI address = address(process);
    Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    List<String> complaints = new CopyOnWriteArrayList<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Listener(answers, complaints))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Chromium chromium = new Chromium(process, socket, answers, complaints);
    String target =
        chromium
            .call("Target.createTarget", Map.of("url", "about:blank"))
            .path("targetId")
            .asText();
    chromium.session =
        chromium
            .call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      JsonNode unused = chromium.call(domain + ".enable", Map.of());
    }
    return chromium;
  }

  private static URI address(Process process) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
      if (line.startsWith("DevTools listening on ")) {
        Thread drain = new Thread(() -> said.lines().forEach(rest -> {}), "chromium-stderr");
        drain.setDaemon(true);
        drain.start();
        return URI.create(line.substring("DevTools listening on ".length()).strip());
      }
    }
    throw new IOException("chromium does not start: " + lines);
  }

  private record Listener(
      Map<Integer, CompletableFuture<JsonNode>> answers,
      List<String> complaints,
      StringBuilder text)
      implements WebSocket.Listener {
    Listener(Map<Integer, CompletableFuture<JsonNode>> answers, List<String> complaints) {
      this(answers, complaints, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          take(JSON.readTree(text.toString()));
        } catch (IOException broken) {
          complaints.add(broken.toString());
        }
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(JsonNode message) {
      CompletableFuture<JsonNode> waiting = answers.remove(message.path("id").asInt(-1));
      if (waiting != null) {
        waiting.complete(message);
        return;
      }
      String method = message.path("method").asText();
      JsonNode params = message.path("params");
      if (method.equals("Runtime.exceptionThrown")
          || (method.equals("Runtime.consoleAPICalled")
              && List.of("error", "warning").contains(params.path("type").asText()))
          || (method.equals("Log.entryAdded")
              && List.of("error", "warning").contains(params.path("entry").path("level").asText()))
          || (method.equals("Network.requestWillBeSent")
              && !params.path("request").path("url").asText().startsWith("http://localhost:"))) {
        complaints.add(method + " " + params);
      }
    }
  }

  private JsonNode call(String method, Map<String, ?> params) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    synchronized (socket) {
      socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    JsonNode said = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (said.has("error")) {
      throw new IOException(method + ": " + said.path("error"));
    }
    return said.path("result");
  }

  /** Size of the window, and which colours its user likes. */
  void look(int width, int height, boolean dark) throws Exception {
    JsonNode unusedSize =
        call(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    JsonNode unusedMedia =
        call(
            "Emulation.setEmulatedMedia",
            Map.of(
                "features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens a page and waits until it is loaded. */
  void open(String url) throws Exception {
    JsonNode unused = call("Page.navigate", Map.of("url", url));
    await(
        () ->
            evaluate("document.readyState === 'complete' && location.href !== 'about:blank'")
                .asBoolean());
  }

  /** Waits until something holds. */
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to be; complaints: " + complaints);
      }
    }
  }

  /** Value of an expression in the page. */
  JsonNode evaluate(String expression) {
    try {
      JsonNode result =
          call(
              "Runtime.evaluate",
              Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
      if (result.has("exceptionDetails")) {
        throw new AssertionError(result.path("exceptionDetails").toString());
      }
      return result.path("result").path("value");
    } catch (Exception failure) {
      throw new AssertionError(expression, failure);
    }
  }

  /** A picture of the window. */
  byte[] picture() throws Exception {
    return Base64.getDecoder()
        .decode(call("Page.captureScreenshot", Map.of("format", "png")).path("data").asText());
  }

  /** Errors and warnings of pages, and requests that leave this machine. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
