package dev.turnout.local.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.Completion;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedLlmServerTest {

  private static RoutedRequest chat(boolean stream) {
    return EdgeCluster.request(
        Query.newBuilder()
            .setId("q")
            .setText("Why?")
            .setChat(
                ChatRequest.newBuilder()
                    .setBody("{\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}")
                    .setStream(stream)
                    .build())
            .build(),
        "sim");
  }

  private static HttpLlmClient client(SimulatedLlmServer server) {
    return new HttpLlmClient(LlmEndpoint.of("sim", URI.create(server.url()), "sim-1", null));
  }

  @Test
  void shouldStreamWordsAtItsPace() {
    Duration first = Duration.ofMillis(300);
    Duration perWord = Duration.ofMillis(20);
    try (SimulatedLlmServer server =
        SimulatedLlmServer.start(0, request -> SimulatedAnswer.Text.ofWords(20, first, perWord))) {
      AtomicInteger pieces = new AtomicInteger();

      // when
      Completion completion =
          client(server).complete(chat(true), chunk -> pieces.incrementAndGet()).join();

      // then: twenty words, the reason of the end and the usage
      assertThat(pieces).hasValue(22);
      assertThat(completion.answer()).startsWith("word word").hasSize(20 * 5 - 1);
      assertThat(completion.completionTokens()).isEqualTo(20);
      assertThat(completion.latency()).isGreaterThanOrEqualTo(first.plus(perWord.multipliedBy(19)));
      assertThat(Objects.requireNonNull(completion.chat()).firstToken())
          .isBetween(first, completion.latency());
      assertThat(client(server).complete(chat(false)).join().answer())
          .isEqualTo(completion.answer());
    }
  }

  @Test
  void shouldStreamToManyAtOnce() {
    int streams = 500;
    Duration perWord = Duration.ofMillis(50);
    try (SimulatedLlmServer server =
        SimulatedLlmServer.start(
            0, request -> SimulatedAnswer.Text.ofWords(40, perWord, perWord))) {
      HttpLlmClient client = client(server);
      AtomicInteger pieces = new AtomicInteger();

      // when
      List<CompletableFuture<Completion>> answers =
          IntStream.range(0, streams)
              .mapToObj(i -> client.complete(chat(true), chunk -> pieces.incrementAndGet()))
              .toList();
      answers.forEach(CompletableFuture::join);

      // then
      assertThat(pieces).hasValue(streams * 42);
      assertThat(server.left()).isZero();
      assertThat(server.asked()).isEqualTo(streams);
    }
  }

  @Test
  void shouldCallATool() {
    try (SimulatedLlmServer server =
        SimulatedLlmServer.start(
            0, request -> new SimulatedAnswer.ToolCall("f", "{\"x\":1}", Duration.ZERO))) {
      for (boolean stream : new boolean[] {true, false}) {
        Completion completion = client(server).complete(chat(stream), chunk -> {}).join();

        assertThat(Objects.requireNonNull(completion.chat()).response())
            .contains("\"finish_reason\":\"tool_calls\"", "\"arguments\":\"{\\\"x\\\":1}\"");
      }
    }
  }
}
