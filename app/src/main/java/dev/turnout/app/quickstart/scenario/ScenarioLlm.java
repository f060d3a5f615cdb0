package dev.turnout.app.quickstart.scenario;

import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.local.llm.PacedPieces;
import dev.turnout.local.llm.SimulatedChat;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An LLM that is not there: answers after its stated latency, at the cost the scenario says.
 *
 * @param index the LLM's place in the scenario's order
 */
public record ScenarioLlm(LlmProfile profile, int index, Scenario scenario, StreamIds ids)
    implements LlmClient {
  /** Share of the stated latency that is really waited, so that the sample is through soon. */
  static final double WAITED_SHARE = 0.1;

  private static final ScheduledExecutorService THREADS = PacedPieces.threads(2);

  private static final double UNKNOWN_LATENCY_MILLIS = 1000;

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    Query query = request.getQuery();
    Duration latency = latency(query.getId());
    return new CompletableFuture<Completion>()
        .completeOnTimeout(
            completion(query, latency, null),
            Math.max(1, waited(latency).toMillis()),
            TimeUnit.MILLISECONDS);
  }

  /** Word by word, if the query's chat wants it so. */
  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request, ChunkListener chunks) {
    Query query = request.getQuery();
    if (query.getChat() == null || !query.getChat().getStream()) {
      return complete(request);
    }
    Duration latency = latency(query.getId());
    SimulatedChat chat = chat(query);
    Duration perWord = waited(latency).dividedBy(chat.completionTokens() + 1);
    CompletableFuture<Completion> answer = new CompletableFuture<>();
    CompletableFuture<Void> words =
        PacedPieces.play(THREADS, chat.words(), perWord, perWord, chunks::chunk);
    CompletableFuture<Void> unusedEnd =
        words.whenComplete(
            (done, failure) -> {
              if (failure == null) {
                chat.end().forEach(chunks::chunk);
                answer.complete(completion(query, latency, perWord));
              } else {
                answer.completeExceptionally(failure);
              }
            });
    CompletableFuture<Completion> unusedCancel =
        answer.whenComplete((done, failure) -> words.cancel(false));
    return answer;
  }

  private SimulatedChat chat(Query query) {
    return SimulatedChat.of(
        query.getId(),
        profile.getId(),
        "(an answer of " + profile.getId() + ", simulated)",
        query.getChat() == null ? query.getText().length() : query.getChat().getBody().length());
  }

  private Completion completion(Query query, Duration latency, @Nullable Duration firstToken) {
    SimulatedChat chat = chat(query);
    return query.getChat() == null
        ? new Completion(chat.text(), null, null, cost(query.getId()), latency)
        : new Completion(
            chat.text(),
            chat.promptTokens(),
            chat.completionTokens(),
            cost(query.getId()),
            latency,
            new Completion.Chat(chat.response(), firstToken, null, null));
  }

  private static Duration waited(Duration latency) {
    return Duration.ofMillis(Math.round(latency.toMillis() * WAITED_SHARE));
  }

  private @Nullable Double cost(String id) {
    OptionalInt position = ids.position(id);
    if (position.isEmpty()) {
      return null;
    }
    double cost = scenario.at(position.getAsInt()).costsUsd()[index];
    return Double.isNaN(cost) ? null : cost;
  }

  private Duration latency(String id) {
    Double mean = profile.getExpectedLatencyMs();
    // Half to one and a half times the stated mean, the same for the same query.
    double factor = 0.5 + new SplittableRandom(id.hashCode()).nextDouble();
    return Duration.ofMillis(Math.round((mean == null ? UNKNOWN_LATENCY_MILLIS : mean) * factor));
  }
}
