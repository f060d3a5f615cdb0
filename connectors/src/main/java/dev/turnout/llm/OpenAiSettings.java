package dev.turnout.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an OpenAI-compatible server is (OpenAI itself, vLLM, LiteLLM, Ollama, …) and how to ask it.
 *
 * @param llm the LLM's id in Turnout, for messages
 * @param baseUrl URL up to but without {@code /chat/completions}, e.g. {@code
 *     http://localhost:11434/v1}
 * @param model name of the model at that server
 * @param apiKey bearer token; null sends none
 * @param timeout longest wait for one full answer
 * @param attempts attempts at a request before it counts as failed, at least 1
 * @param maxOutputTokens longest answer in tokens; 0 leaves it to the server
 * @param prices what it costs; null when unknown
 */
public record OpenAiSettings(
    String llm,
    URI baseUrl,
    String model,
    @Nullable String apiKey,
    Duration timeout,
    int attempts,
    int maxOutputTokens,
    @Nullable TokenPrices prices) {

  /** Checks the URL and the number of attempts. */
  public OpenAiSettings {
    String scheme = baseUrl.getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new IllegalArgumentException(
          "llm \"" + llm + "\": base URL " + baseUrl + " must begin with http:// or https://");
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "llm \"" + llm + "\": attempts is " + attempts + "; it must be at least 1");
    }
  }

  /** Settings with the usual defaults: 2 minutes, 3 attempts, no limit, no prices. */
  public static OpenAiSettings of(String llm, URI baseUrl, String model, @Nullable String apiKey) {
    return new OpenAiSettings(llm, baseUrl, model, apiKey, Duration.ofMinutes(2), 3, 0, null);
  }

  /**
   * The key in an environment variable, so that none stands in a file or a process list.
   *
   * @throws IllegalArgumentException if the variable is not set
   */
  public static String keyFrom(Map<String, String> environment, String variable) {
    String key = environment.get(variable);
    if (key == null || key.isBlank()) {
      throw new IllegalArgumentException(
          "environment variable " + variable + " is not set; put the API key into it");
    }
    return key.strip();
  }

  URI endpoint() {
    String base = baseUrl.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "OpenAiSettings[" + llm + ", " + model + " at " + baseUrl + "]";
  }
}
