package dev.turnout.llm;

import dev.turnout.schema.RoutedRequest;
import java.util.concurrent.CompletableFuture;

/** Asks one LLM. Safe for use by several threads; never blocks the caller. */
public interface LlmClient extends AutoCloseable {

  /**
   * Sends one request.
   *
   * @param request the query with its decision
   * @return the answer; completes exceptionally with {@link LlmException} when there is none
   */
  CompletableFuture<Completion> complete(RoutedRequest request);

  @Override
  default void close() {}
}
