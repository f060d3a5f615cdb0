package dev.turnout.worker.cancel;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.Query;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call of an LLM that is ended when its query is cancelled: cancelling the future that the client
 * gave ends the call itself.
 */
public final class BoundedCall {

  private BoundedCall() {}

  /**
   * Binds a call to its query.
   *
   * @param call as the client gave it
   * @return the same answer or failure; fails with {@link LlmException} of kind {@code CANCELLED},
   *     saying why, when the call was ended. Cancelling it ends the call too
   */
  public static CompletableFuture<Completion> of(
      CompletableFuture<Completion> call, Query query, CancelledAsks asks) {
    CompletableFuture<Completion> result = new CompletableFuture<>();
    CancelledAsks.@Nullable Watch watch =
        asks.watch(query, why -> end(call, result, cancelled(why)));
    CompletableFuture<Completion> unusedEnd =
        call.whenComplete(
            (completion, failure) -> {
              if (failure == null) {
                result.complete(completion);
              } else {
                result.completeExceptionally(failure);
              }
            });
    CompletableFuture<Completion> unusedWatched =
        result.whenComplete(
            (completion, failure) -> {
              if (watch != null) {
                watch.close();
              }
              if (result.isCancelled()) {
                call.cancel(true);
              }
            });
    // itself, since cancelling what depends on it would end nothing
    return result;
  }

  /** What an outcome says of a query that was cancelled. */
  public static String cancelled(String why) {
    return "cancelled: " + why;
  }

  private static void end(
      CompletableFuture<Completion> call, CompletableFuture<Completion> result, String message) {
    // first, so that the call's own failure says nothing else
    if (result.completeExceptionally(
        new LlmException(LlmException.Kind.CANCELLED, message, null))) {
      call.cancel(true);
    }
  }
}
