package dev.turnout.llm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests to a stub, and what comes of them. */
final class ChatSamples {

  private ChatSamples() {}

  /** Keeps the pieces. */
  static final class Pieces implements ChunkListener {
    final List<String> texts = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(0);

    @Override
    public void chunk(String chunk) {
      texts.add(chunk);
      permits.release();
    }

    void await(int count) throws InterruptedException {
      assertThat(permits.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();
    }
  }

  static RoutedRequest text() {
    return EdgeCluster.request(
        Query.newBuilder().setId("q1").setText("Why is the sky blue?").build(), "acme/small");
  }

  static RoutedRequest chat(boolean stream, String body) {
    return chat(stream, body, null);
  }

  static RoutedRequest chat(boolean stream, String body, @Nullable Duration left) {
    return EdgeCluster.request(
        Query.newBuilder()
            .setId("q1")
            .setText("Why?")
            .setChat(ChatRequest.newBuilder().setBody(body).setStream(stream).build())
            .setDeadline(left == null ? null : Instant.now().plus(left))
            .build(),
        "acme/small");
  }

  static HttpLlmClient client(StubLlmServer server, Dialect dialect) {
    return new HttpLlmClient(endpoint(server, "/v1").withDialect(dialect));
  }

  static HttpLlmClient client(StubLlmServer server) {
    return new HttpLlmClient(endpoint(server, "/v1"));
  }

  static LlmEndpoint endpoint(StubLlmServer server, String path) {
    return LlmEndpoint.of("acme/small", server.url(path), "small-1", "k3y")
        .withWaits(new LlmEndpoint.Waits(Duration.ofSeconds(30), Duration.ofSeconds(30)));
  }

  static LlmException failure(CompletableFuture<?> future) {
    Throwable thrown = catchThrowable(future::join);
    assertThat(thrown).isInstanceOf(CompletionException.class);
    assertThat(thrown.getCause()).isInstanceOf(LlmException.class);
    return (LlmException) thrown.getCause();
  }
}
