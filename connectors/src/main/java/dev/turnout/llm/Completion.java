package dev.turnout.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An LLM's answer.
 *
 * @param answer the text
 * @param promptTokens tokens of the prompt; null when the LLM does not say
 * @param completionTokens tokens of the answer; null when the LLM does not say
 * @param costUsd what the call cost, in USD; null without prices
 * @param latency from request to full answer; null leaves measuring to the caller
 */
public record Completion(
    String answer,
    @Nullable Long promptTokens,
    @Nullable Long completionTokens,
    @Nullable Double costUsd,
    @Nullable Duration latency) {}
