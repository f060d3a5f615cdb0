package dev.turnout.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An LLM's answer.
 *
 * @param answer the text; empty when the LLM only called tools
 * @param promptTokens tokens of the prompt; null when the LLM does not say
 * @param completionTokens tokens of the answer; null when the LLM does not say
 * @param costUsd what the call cost, in USD; null without prices
 * @param latency from request to full answer; null leaves measuring to the caller
 * @param chat what else there is of a chat; null when only the text is known
 */
public record Completion(
    String answer,
    @Nullable Long promptTokens,
    @Nullable Long completionTokens,
    @Nullable Double costUsd,
    @Nullable Duration latency,
    @Nullable Chat chat) {

  /**
   * The whole of a chat's answer.
   *
   * @param response the LLM's response as JSON of OpenAI's type {@code chat.completion}
   * @param firstToken from request to the first piece; null when it did not come in pieces
   * @param cachedPromptTokens tokens of the prompt that were in the LLM's cache; null when the LLM
   *     does not say
   * @param reasoningTokens tokens of the answer that were reasoning; null when the LLM does not say
   */
  public record Chat(
      String response,
      @Nullable Duration firstToken,
      @Nullable Long cachedPromptTokens,
      @Nullable Long reasoningTokens) {}

  /** An answer of which only the text is known. */
  public Completion(
      String answer,
      @Nullable Long promptTokens,
      @Nullable Long completionTokens,
      @Nullable Double costUsd,
      @Nullable Duration latency) {
    this(answer, promptTokens, completionTokens, costUsd, latency, null);
  }
}
