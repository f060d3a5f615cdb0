package dev.turnout.worker.pace;

import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.member.Slots;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.telemetry.TraceContext;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches how an LLM answers: sets how many requests are in flight, and knows which deadlines
 * cannot be met. Safe for use by several threads.
 */
public final class LlmPace {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Slots slots;
  private final @Nullable AdaptiveLimit limit;
  private final QuickestAnswer quickest = new QuickestAnswer();
  private final Object lock = new Object();

  /**
   * @param most requests in flight
   * @param adaptive whether fewer are while the LLM cannot take so many
   * @param slots whose number is set
   */
  public LlmPace(String llm, int most, boolean adaptive, Slots slots, MeterRegistry metrics) {
    this.slots = slots;
    this.limit = adaptive ? new AdaptiveLimit(most) : null;
    Gauge unusedLimit =
        Gauge.builder("turnout.worker.slots", slots, Slots::limit)
            .description("Requests that may be in flight")
            .tag("llm", llm)
            .register(metrics);
    Gauge unusedRunning =
        Gauge.builder("turnout.worker.slots.used", slots, Slots::running)
            .description("Requests in flight")
            .tag("llm", llm)
            .register(metrics);
  }

  /** The same client, with its answers watched. */
  public LlmClient watch(LlmClient client) {
    return new LlmClient() {
      @Override
      public CompletableFuture<Completion> complete(RoutedRequest request) {
        return watched(request, client::complete);
      }

      @Override
      public CompletableFuture<Completion> complete(RoutedRequest request, ChunkListener chunks) {
        return watched(request, each -> client.complete(each, chunks));
      }

      @Override
      public CompletableFuture<Completion> complete(
          RoutedRequest request, @Nullable ChunkListener chunks, @Nullable TraceContext trace) {
        return watched(request, each -> client.complete(each, chunks, trace));
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private CompletableFuture<Completion> watched(
      RoutedRequest request, Function<RoutedRequest, CompletableFuture<Completion>> call) {
    long start = System.nanoTime();
    CompletableFuture<Completion> answer = call.apply(request);
    CompletableFuture<Completion> unusedWatch =
        answer.whenComplete((completion, failure) -> ended(start, failure));
    // the client's own, so that whoever cancels it ends the call
    return answer;
  }

  private void ended(long start, @Nullable Throwable failure) {
    long now = System.nanoTime();
    synchronized (lock) {
      if (failure == null) {
        quickest.answered(now - start, now);
      }
      if (limit == null) {
        return;
      }
      if (failure == null) {
        limit.answered(now - start);
      } else if (isOverload(failure)) {
        limit.refused(now);
      } else {
        return;
      }
      if (limit.limit() != slots.limit()) {
        slots.limit(limit.limit());
      }
    }
  }

  private static boolean isOverload(Throwable failure) {
    if (!(FutureFailure.cause(failure) instanceof LlmException llm)) {
      return false;
    }
    LlmException.Refusal refusal = llm.refusal();
    return llm.kind() == LlmException.Kind.TIMED_OUT
        || (refusal != null
            && (refusal.status() == TOO_MANY_REQUESTS || refusal.status() == UNAVAILABLE));
  }

  /**
   * Why a deadline cannot be met by asking now, in words; null when it can, or nobody knows better.
   */
  public @Nullable String missed(Instant deadline, Instant now) {
    if (!now.isBefore(deadline)) {
      return "the query's deadline had passed before its turn came";
    }
    Duration least;
    synchronized (lock) {
      least = quickest.quickest(System.nanoTime());
    }
    Duration left = Duration.between(now, deadline);
    return least != null && left.compareTo(least) < 0
        ? "the query's deadline left "
            + left.toMillis()
            + " ms when its turn came, and the quickest of the LLM's latest answers took "
            + least.toMillis()
            + " ms"
        : null;
  }
}
