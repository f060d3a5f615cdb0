package dev.turnout.llm;

import java.net.URI;
import java.time.Duration;
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

  /** Longest wait for an answer unless chosen otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** Attempts at a request unless chosen otherwise. */
  public static final int DEFAULT_ATTEMPTS = 3;

  /** Checks the URL and the number of attempts. */
  public OpenAiSettings {
    String scheme = baseUrl.getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new IllegalArgumentException(
          "llm \""
              + llm
              + "\": base URL "
              + withoutSecrets(baseUrl)
              + " must begin with http:// or https://");
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "llm \"" + llm + "\": attempts is " + attempts + "; it must be at least 1");
    }
  }

  /** Settings with the usual defaults: no limit on answers but the server's, no prices. */
  public static OpenAiSettings of(String llm, URI baseUrl, String model, @Nullable String apiKey) {
    return new OpenAiSettings(
        llm, baseUrl, model, apiKey, DEFAULT_TIMEOUT, DEFAULT_ATTEMPTS, 0, null);
  }

  /** The same with prices. */
  public OpenAiSettings withPrices(@Nullable TokenPrices known) {
    return new OpenAiSettings(
        llm, baseUrl, model, apiKey, timeout, attempts, maxOutputTokens, known);
  }

  /** Scheme, host, port and path; the rest of a URL may prove who asks. */
  public static String withoutSecrets(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }

  URI endpoint() {
    String base = baseUrl.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "OpenAiSettings[" + llm + ", " + model + " at " + withoutSecrets(baseUrl) + "]";
  }
}
