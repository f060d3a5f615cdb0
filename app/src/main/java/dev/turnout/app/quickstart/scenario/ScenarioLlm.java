package dev.turnout.app.quickstart.scenario;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
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

  private static final double UNKNOWN_LATENCY_MILLIS = 1000;

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    String id = request.getQuery().getId();
    double millis = latencyMillis(id);
    Completion completion =
        new Completion(
            "(an answer of " + profile.getId() + ", simulated)",
            null,
            null,
            cost(id),
            Duration.ofMillis(Math.round(millis)));
    return new CompletableFuture<Completion>()
        .completeOnTimeout(
            completion, Math.max(1, Math.round(millis * WAITED_SHARE)), TimeUnit.MILLISECONDS);
  }

  private @Nullable Double cost(String id) {
    OptionalInt position = ids.position(id);
    if (position.isEmpty()) {
      return null;
    }
    double cost = scenario.at(position.getAsInt()).costsUsd()[index];
    return Double.isNaN(cost) ? null : cost;
  }

  private double latencyMillis(String id) {
    Double mean = profile.getExpectedLatencyMs();
    // Half to one and a half times the stated mean, the same for the same query.
    double factor = 0.5 + new SplittableRandom(id.hashCode()).nextDouble();
    return (mean == null ? UNKNOWN_LATENCY_MILLIS : mean) * factor;
  }
}
