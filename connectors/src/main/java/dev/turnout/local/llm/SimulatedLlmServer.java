package dev.turnout.local.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A server that speaks OpenAI's chat-completions API, streaming too, and is no LLM: what it does
 * with a request says a function, which may be changed while it runs. Answers wait on a timer, so
 * that hundreds of streams take a few threads.
 */
public final class SimulatedLlmServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JSON_TYPE = "application/json";
  private static final int LARGEST_REQUEST = 16 << 20;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final ScheduledExecutorService threads = PacedPieces.threads(4);
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong left = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final Javalin server;
  private volatile Function<JsonNode, SimulatedAnswer> answers;

  private SimulatedLlmServer(String host, Function<JsonNode, SimulatedAnswer> answers) {
    this.answers = answers;
    this.server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.http.maxRequestSize = LARGEST_REQUEST;
              config.http.asyncTimeout = LONGEST.toMillis();
              config.jetty.threadPool = new QueuedThreadPool(16, 4);
              config.jetty.defaultHost = host;
            });
    server.post("/v1/chat/completions", this::complete);
    server.get("/v1/models", SimulatedLlmServer::models);
  }

  /**
   * Starts a server on localhost.
   *
   * @param port 0 takes a free one
   * @param answers what it does with a request's body; must not block
   */
  public static SimulatedLlmServer start(int port, Function<JsonNode, SimulatedAnswer> answers) {
    return start("localhost", port, answers);
  }

  /**
   * Starts a server.
   *
   * @param host address to listen on; {@code 0.0.0.0} lets other machines in
   * @param port 0 takes a free one
   * @param answers what it does with a request's body; must not block
   */
  public static SimulatedLlmServer start(
      String host, int port, Function<JsonNode, SimulatedAnswer> answers) {
    SimulatedLlmServer started = new SimulatedLlmServer(host, answers);
    started.server.start(port);
    return started;
  }

  /** Does something else from now on. */
  public void answer(Function<JsonNode, SimulatedAnswer> changed) {
    answers = changed;
  }

  /** Its base URL on this machine. */
  public String url() {
    return "http://localhost:" + server.port() + "/v1";
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** How often it was asked. */
  public long asked() {
    return asked.get();
  }

  /** How many answers are under way. */
  public int open() {
    return open.get();
  }

  /** How many streams their clients left. */
  public long left() {
    return left.get();
  }

  private static void models(Context context) {
    context.json(
        JSON.createObjectNode()
            .put("object", "list")
            .set(
                "data",
                JSON.createArrayNode()
                    .add(
                        JSON.createObjectNode()
                            .put("id", "simulated")
                            .put("object", "model")
                            .put("owned_by", "turnout"))));
  }

  private void complete(Context context) {
    long number = asked.incrementAndGet();
    JsonNode request;
    try {
      request = JSON.readTree(context.bodyAsBytes());
    } catch (IOException broken) {
      whole(context, SimulatedAnswer.Refusal.of(400, "the body is not JSON"));
      return;
    }
    SimulatedAnswer answer = answers.apply(request);
    String text = answer instanceof SimulatedAnswer.Text said ? said.text() : "a word or two";
    SimulatedChat chat =
        SimulatedChat.of(
            "sim-" + number,
            request.path("model").asText("simulated"),
            text,
            request.path("messages").toString().length());
    boolean stream = request.path("stream").asBoolean(false);
    open.incrementAndGet();
    context.future(
        () ->
            played(context, answer, chat, stream)
                .handle(
                    (done, failure) -> {
                      open.decrementAndGet();
                      if (failure != null) {
                        left.incrementAndGet();
                      }
                      return null;
                    }));
  }

  private CompletableFuture<Void> played(
      Context context, SimulatedAnswer answer, SimulatedChat chat, boolean stream) {
    if (answer instanceof SimulatedAnswer.Text text) {
      if (stream) {
        List<String> words = chat.words();
        return streamed(context, words, text.firstToken(), text.perToken(), chat.end());
      }
      return later(text.whole(), () -> context.contentType(JSON_TYPE).result(chat.response()));
    }
    if (answer instanceof SimulatedAnswer.ToolCall call) {
      return stream
          ? streamed(context, chat.toolCallPieces(call), call.delay(), Duration.ZERO, List.of())
          : later(call.delay(), () -> context.contentType(JSON_TYPE).result(chat.toolCall(call)));
    }
    if (answer instanceof SimulatedAnswer.BrokenStream broken) {
      List<String> words =
          SimulatedChat.of(chat.id(), chat.model(), "word ".repeat(broken.words()), 1).words();
      return play(context, words, Duration.ZERO, Duration.ZERO);
    }
    if (answer instanceof SimulatedAnswer.Refusal refusal) {
      whole(context, refusal);
      return CompletableFuture.completedFuture(null);
    }
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, LONGEST.toMillis() - 1_000, TimeUnit.MILLISECONDS);
  }

  private static void whole(Context context, SimulatedAnswer.Refusal refusal) {
    refusal.headers().forEach(context::header);
    context.status(refusal.status()).contentType(JSON_TYPE).result(refusal.body());
  }

  private CompletableFuture<Void> later(Duration delay, Runnable action) {
    return PacedPieces.play(threads, List.of(""), delay, Duration.ZERO, none -> action.run());
  }

  private CompletableFuture<Void> streamed(
      Context context, List<String> words, Duration first, Duration between, List<String> end) {
    // what follows the last word comes with it
    List<String> pieces = new ArrayList<>(words);
    String last = pieces.remove(pieces.size() - 1);
    StringBuilder tail = new StringBuilder(last);
    end.forEach(piece -> tail.append("\n\ndata: ").append(piece));
    tail.append("\n\ndata: [DONE]");
    pieces.add(tail.toString());
    return play(context, pieces, first, between);
  }

  private CompletableFuture<Void> play(
      Context context, List<String> pieces, Duration first, Duration between) {
    context.contentType("text/event-stream");
    try {
      OutputStream out = context.res().getOutputStream();
      return PacedPieces.play(
          threads,
          pieces,
          first,
          between,
          piece -> {
            out.write(("data: " + piece + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
          });
    } catch (IOException gone) {
      return CompletableFuture.failedFuture(gone);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop();
  }
}
