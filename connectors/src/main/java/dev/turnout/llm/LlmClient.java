package dev.turnout.llm;

import dev.turnout.schema.RoutedRequest;
import java.util.concurrent.CompletableFuture;

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

  @Override
  default void close() {}
}
