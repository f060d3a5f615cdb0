package dev.turnout.worker.failover;

import dev.turnout.llm.Completion;
import dev.turnout.llm.UnroutedRequest;
import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks an LLM that is down for a few tokens whenever its moment has come, so that its recovery is
 * noticed without a client's request at stake. One that hangs is joined by another after four
 * seconds and ended when there are {@value #MOST}. What such a call costs is on nobody's account: a
 * handful of tokens for each outage. Confined to one thread.
 */
final class LlmProbe {
  private static final int MOST = 3;
  private static final String BODY =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Say OK.\"}],\"max_tokens\":5}";

  private final CircuitBreaker breaker;
  private final Function<RoutedRequest, CompletableFuture<Completion>> client;
  private final WorkerPlace place;
  private final Clock clock;
  private final boolean asks;
  private final Deque<CompletableFuture<Completion>> underWay = new ArrayDeque<>();
  private long made;

  LlmProbe(
      CircuitBreaker breaker,
      Function<RoutedRequest, CompletableFuture<Completion>> client,
      WorkerPlace place,
      boolean asks,
      Clock clock) {
    this.breaker = breaker;
    this.client = client;
    this.place = place;
    this.asks = asks;
    this.clock = clock;
  }

  /** Makes a probe if it is time for one. */
  void ifDue(Instant now) {
    CircuitBreaker.Finding finding = breaker.finding(now);
    if (!asks || finding.isUp() || finding.followed() || now.isBefore(finding.until())) {
      return;
    }
    String id = "probe-" + place.worker() + "-" + made++;
    CircuitBreaker.@Nullable Leave leave = breaker.askToProbe(id, now);
    if (leave == null || !leave.isProbe()) {
      return;
    }
    underWay.removeIf(CompletableFuture::isDone);
    while (underWay.size() >= MOST) {
      boolean unusedOpen = underWay.removeFirst().cancel(true);
    }
    CompletableFuture<Completion> call = begun(() -> client.apply(request(id, now)));
    underWay.addLast(call);
    CompletableFuture<Completion> unusedEnd =
        call.whenComplete(
            (completion, thrown) -> {
              Instant then = clock.instant();
              if (thrown == null) {
                breaker.succeeded(leave, then);
              } else {
                breaker.failed(leave, Failure.of(thrown), then);
              }
            });
  }

  private static CompletableFuture<Completion> begun(Supplier<CompletableFuture<Completion>> call) {
    try {
      return call.get();
    } catch (RuntimeException | Error thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private RoutedRequest request(String id, Instant now) {
    Query query =
        Query.newBuilder()
            .setId(id)
            .setText("Say OK.")
            .setChat(ChatRequest.newBuilder().setBody(BODY).build())
            .build();
    return UnroutedRequest.of(
        query,
        place.llm(),
        "probe",
        "a probe of an LLM that was " + AvailabilityState.DOWN,
        now.truncatedTo(ChronoUnit.MILLIS));
  }

  void close() {
    underWay.forEach(call -> call.cancel(true));
  }
}
