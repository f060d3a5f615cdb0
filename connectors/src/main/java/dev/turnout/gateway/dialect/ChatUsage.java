package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Tokens of a call, as chat-completions report them.
 *
 * @param prompt of the whole prompt
 * @param cached of the prompt, that were in the LLM's cache
 * @param completion of the answer, its reasoning included
 * @param reasoning of the answer, that were reasoning
 */
public record ChatUsage(long prompt, long cached, long completion, long reasoning) {

  /** Reads a response or a chunk; what is not said is 0. */
  public static ChatUsage of(JsonNode response) {
    JsonNode usage = response.path("usage");
    return new ChatUsage(
        usage.path("prompt_tokens").asLong(0),
        usage.path("prompt_tokens_details").path("cached_tokens").asLong(0),
        usage.path("completion_tokens").asLong(0),
        usage.path("completion_tokens_details").path("reasoning_tokens").asLong(0));
  }
}
