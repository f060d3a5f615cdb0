package dev.turnout.worker.cancel;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.Query;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call of an LLM that is ended when its query is cancelled or its deadline passes: cancelling the
 * future that the client gave ends the call itself.
 */
public final class BoundedCall {

  private BoundedCall() {}

  /**
   * Binds a call to its query.
   *
   * @param call as the client gave it
   * @return the same answer or failure; fails with {@link LlmException} of kind {@code CANCELLED},
   *     saying why, or {@code TIMED_OUT} when the call was ended
   */
  public static CompletableFuture<Completion> of(
      CompletableFuture<Completion> call, Query query, CancelledAsks asks, Clock clock) {
    CompletableFuture<Completion> result = new CompletableFuture<>();
    CancelledAsks.@Nullable Watch watch =
        asks.watch(query, why -> end(call, result, LlmException.Kind.CANCELLED, cancelled(why)));
    @Nullable CompletableFuture<Void> alarm = alarm(query.getDeadline(), clock);
    if (alarm != null) {
      CompletableFuture<Void> unusedAlarm =
          alarm.thenRun(
              () ->
                  end(
                      call,
                      result,
                      LlmException.Kind.TIMED_OUT,
                      "the query's deadline passed before the LLM had answered"));
    }
    CompletableFuture<Completion> unusedEnd =
        call.whenComplete(
            (completion, failure) -> {
              if (failure == null) {
                result.complete(completion);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result.whenComplete(
        (completion, failure) -> {
          if (watch != null) {
            watch.close();
          }
          if (alarm != null) {
            alarm.cancel(false);
          }
        });
  }

  /** What an outcome says of a query that was cancelled. */
  public static String cancelled(String why) {
    return "cancelled: " + why;
  }

  private static void end(
      CompletableFuture<Completion> call,
      CompletableFuture<Completion> result,
      LlmException.Kind kind,
      String message) {
    // first, so that the call's own failure says nothing else
    if (result.completeExceptionally(new LlmException(kind, message, null))) {
      call.cancel(true);
    }
  }

  private static @Nullable CompletableFuture<Void> alarm(@Nullable Instant deadline, Clock clock) {
    if (deadline == null) {
      return null;
    }
    Instant now = clock.instant();
    Instant farthest = now.plus(Duration.ofDays(1));
    Duration left = Duration.between(now, deadline.isBefore(farthest) ? deadline : farthest);
    return deadline.isBefore(farthest)
        ? new CompletableFuture<Void>()
            .completeOnTimeout(null, Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS)
        : null;
  }
}
