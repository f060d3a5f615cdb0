package dev.turnout.llm.http;

import dev.turnout.llm.TokenPrices;
import dev.turnout.llm.failure.LlmFailures;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an LLM's server is (OpenAI itself, vLLM, LiteLLM, Ollama, Anthropic, …) and how to ask it.
 *
 * @param llm the LLM's id in Turnout, for messages
 * @param baseUrl URL up to but without {@code /chat/completions}, e.g. {@code
 *     http://localhost:11434/v1}; a query string is kept
 * @param model name of the model at that server
 * @param dialect what the server speaks
 * @param apiKey proves who asks; null sends none
 * @param headers further headers of each request
 * @param waits how long an answer is waited for
 * @param attempts calls at a request before it counts as failed, at least 1
 * @param limits of answers whose client gives none
 * @param prices what it costs; null when unknown
 */
public record LlmEndpoint(
    String llm,
    URI baseUrl,
    String model,
    Dialect dialect,
    @Nullable String apiKey,
    Map<String, String> headers,
    Waits waits,
    int attempts,
    OutputLimits limits,
    @Nullable TokenPrices prices) {

  /** Longest wait for an answer unless chosen otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** Longest pause between two pieces of an answer unless chosen otherwise. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);

  /** Attempts at a request unless chosen otherwise. */
  public static final int DEFAULT_ATTEMPTS = 3;

  /**
   * How long an answer is waited for.
   *
   * @param timeout longest wait for one full answer
   * @param idle longest pause between two pieces of an answer that streams
   */
  public record Waits(Duration timeout, Duration idle) {
    /** The usual ones. */
    public static final Waits STANDARD = new Waits(DEFAULT_TIMEOUT, DEFAULT_IDLE_TIMEOUT);
  }

  /**
   * The longest answers in tokens where the client says nothing; 0 leaves it to the server.
   *
   * @param text to queries of text alone
   * @param chat to whole chats
   */
  public record OutputLimits(int text, int chat) {
    /** Leaves all to the server. */
    public static final OutputLimits NONE = new OutputLimits(0, 0);
  }

  /** Checks the URL and the number of attempts. */
  public LlmEndpoint {
    headers = Map.copyOf(headers);
    String scheme = baseUrl.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
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

  /**
   * An endpoint with the usual defaults: the dialect by its address, no limit on answers but the
   * server's, no prices.
   */
  public static LlmEndpoint of(String llm, URI baseUrl, String model, @Nullable String apiKey) {
    return new LlmEndpoint(
        llm,
        baseUrl,
        model,
        Dialect.of(baseUrl),
        apiKey,
        Map.of(),
        Waits.STANDARD,
        DEFAULT_ATTEMPTS,
        OutputLimits.NONE,
        null);
  }

  /** The same with prices. */
  public LlmEndpoint withPrices(@Nullable TokenPrices known) {
    return new LlmEndpoint(
        llm, baseUrl, model, dialect, apiKey, headers, waits, attempts, limits, known);
  }

  /** The same for another model, and with another id in messages. */
  public LlmEndpoint withModel(String id, String name) {
    return new LlmEndpoint(
        id, baseUrl, name, dialect, apiKey, headers, waits, attempts, limits, prices);
  }

  /** The same in another dialect. */
  public LlmEndpoint withDialect(Dialect spoken) {
    return new LlmEndpoint(
        llm, baseUrl, model, spoken, apiKey, headers, waits, attempts, limits, prices);
  }

  /** The same with other time-outs. */
  public LlmEndpoint withWaits(Waits chosen) {
    return new LlmEndpoint(
        llm, baseUrl, model, dialect, apiKey, headers, chosen, attempts, limits, prices);
  }

  /** The same with another number of attempts. */
  public LlmEndpoint withAttempts(int most) {
    return new LlmEndpoint(
        llm, baseUrl, model, dialect, apiKey, headers, waits, most, limits, prices);
  }

  /** The same with limits on answers. */
  public LlmEndpoint withLimits(OutputLimits chosen) {
    return new LlmEndpoint(
        llm, baseUrl, model, dialect, apiKey, headers, waits, attempts, chosen, prices);
  }

  /** Scheme, host, port and path; the rest of a URL may prove who asks. */
  public static String withoutSecrets(URI url) {
    return LlmFailures.withoutSecrets(url);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "LlmEndpoint["
        + llm
        + ", "
        + model
        + " at "
        + withoutSecrets(baseUrl)
        + ", "
        + dialect
        + "]";
  }
}
