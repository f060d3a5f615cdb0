package dev.turnout.local.llm;

import java.time.Duration;
import java.util.Map;

/** What a simulated LLM does with one request. */
public sealed interface SimulatedAnswer {

  /**
   * Answers.
   *
   * @param text of which each word is a token
   * @param firstToken from the request to the first token
   * @param perToken from token to token; an answer that does not stream comes when its last token
   *     would
   */
  record Text(String text, Duration firstToken, Duration perToken) implements SimulatedAnswer {

    /** So many words, as fast as can be. */
    public static Text ofWords(int words) {
      return ofWords(words, Duration.ZERO, Duration.ZERO);
    }

    /** So many words at a pace. */
    public static Text ofWords(int words, Duration firstToken, Duration perToken) {
      return new Text("word ".repeat(words).strip(), firstToken, perToken);
    }

    /** From the request to the whole answer. */
    Duration whole() {
      return firstToken.plus(perToken.multipliedBy(Math.max(0, SimulatedChat.words(text) - 1)));
    }
  }

  /**
   * Calls a tool.
   *
   * @param name of the tool
   * @param arguments JSON
   */
  record ToolCall(String name, String arguments, Duration delay) implements SimulatedAnswer {}

  /**
   * Refuses.
   *
   * @param status HTTP status
   * @param headers e.g. {@code Retry-After}
   * @param body JSON
   */
  record Refusal(int status, Map<String, String> headers, String body) implements SimulatedAnswer {

    /** Refuses in OpenAI's form. */
    public static Refusal of(int status, String message) {
      return new Refusal(
          status,
          Map.of(),
          "{\"error\":{\"message\":\""
              + message
              + "\",\"type\":\"simulated\",\"param\":null,\"code\":null}}");
    }
  }

  /**
   * Streams as many words as it is told and breaks off.
   *
   * @param words that come before
   */
  record BrokenStream(int words) implements SimulatedAnswer {}

  /** Never answers. */
  record Silence() implements SimulatedAnswer {}
}
