package dev.turnout.llm;

import dev.turnout.schema.RoutedRequest;
import dev.turnout.telemetry.TraceContext;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks one LLM. Safe for use by several threads; never blocks the caller. */
public interface LlmClient extends AutoCloseable {

  /**
   * Sends one request. Whoever cancels the future ends the call.
   *
   * @param request the query with its decision
   * @return the answer; completes exceptionally with {@link LlmException} when there is none
   */
  CompletableFuture<Completion> complete(RoutedRequest request);

  /**
   * Sends one request and hands on the answer in pieces, if this client can have it so; the whole
   * answer comes at the end all the same.
   *
   * @param request the query with its decision
   * @param chunks gets the pieces, in their order and before the answer is complete
   * @return as {@link #complete(RoutedRequest)}
   */
  default CompletableFuture<Completion> complete(RoutedRequest request, ChunkListener chunks) {
    return complete(request);
  }

  /**
   * Sends one request as part of a trace, which the LLM's server is told if this client can.
   *
   * @param chunks gets the pieces; null when the answer shall come whole
   * @param trace what it is sent for; null for none
   * @return as {@link #complete(RoutedRequest)}
   */
  default CompletableFuture<Completion> complete(
      RoutedRequest request, @Nullable ChunkListener chunks, @Nullable TraceContext trace) {
    return chunks == null ? complete(request) : complete(request, chunks);
  }

  @Override
  default void close() {}
}
