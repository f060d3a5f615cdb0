package dev.turnout.app.role;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.LlmException.Refusal;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An LLM that answers, or fails in the way it is told to; it remembers who asked when. */
final class MoodyLlm implements LlmClient {

  /** Gives every answer, or the failure of every call. */
  interface Mood extends Function<String, CompletableFuture<Completion>> {}

  static final Mood WELL = asked -> later(Duration.ofMillis(5));
  static final Mood BROKEN = asked -> failing(Kind.TRANSIENT, 500, null);
  static final Mood LOCKED = asked -> failing(Kind.MISCONFIGURED, 401, null);
  static final Mood SILENT = asked -> new CompletableFuture<>();

  /** One call of this LLM. */
  record Asked(String query, Instant at) {
    boolean isProbe() {
      return query.startsWith("probe-");
    }
  }

  final Queue<Asked> calls = new ConcurrentLinkedQueue<>();
  volatile Mood mood = WELL;

  static Mood overloaded(Duration retryAfter) {
    return asked -> failing(Kind.TRANSIENT, 429, retryAfter);
  }

  static CompletableFuture<Completion> later(Duration delay) {
    return new CompletableFuture<Completion>()
        .completeOnTimeout(
            new Completion("an answer", 10L, 5L, 0.001, null),
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  static CompletableFuture<Completion> failing(
      Kind kind, int status, @Nullable Duration retryAfter) {
    return CompletableFuture.failedFuture(
        new LlmException(kind, "HTTP " + status, null, new Refusal(status, null, retryAfter)));
  }

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    String query = request.getQuery().getId();
    calls.add(new Asked(query, Instant.now()));
    return mood.apply(query);
  }

  /** Calls for clients' queries since then. */
  List<Asked> since(Instant then) {
    return calls.stream().filter(call -> !call.isProbe() && !call.at().isBefore(then)).toList();
  }

  List<Asked> probesSince(Instant then) {
    return calls.stream().filter(call -> call.isProbe() && !call.at().isBefore(then)).toList();
  }
}
