package dev.turnout.llm.http;

import dev.turnout.llm.anthropic.MessagesFormat;
import dev.turnout.llm.openai.ChatCompletionsFormat;
import dev.turnout.llm.openai.ChatCompletionsFormat.LimitName;
import dev.turnout.llm.wire.ChatFormat;
import java.net.URI;
import java.util.Locale;

/** What a server of an LLM speaks. */
public enum Dialect {
  /** OpenAI's API without known peculiarities: every parameter goes as the client sent it. */
  COMPATIBLE,
  /** OpenAI itself: its newer models refuse {@code max_tokens}. */
  OPENAI,
  /** Azure OpenAI: the key has a header of its own, the version stands in the query string. */
  AZURE,
  /** vLLM: chat templates know no role {@code developer}. */
  VLLM,
  /** Ollama: as vLLM, and it overlooks {@code max_completion_tokens}. */
  OLLAMA,
  /** The server of llama.cpp: as Ollama. */
  LLAMA_CPP,
  /** Anthropic's own Messages API. */
  ANTHROPIC;

  private static final int OLLAMA_PORT = 11_434;

  /** How to ask in it. */
  public ChatFormat format() {
    return switch (this) {
      case COMPATIBLE -> new ChatCompletionsFormat(LimitName.AS_GIVEN, true, null);
      case OPENAI -> new ChatCompletionsFormat(LimitName.MAX_COMPLETION_TOKENS, true, null);
      case AZURE -> new ChatCompletionsFormat(LimitName.MAX_COMPLETION_TOKENS, true, "api-key");
      case VLLM -> new ChatCompletionsFormat(LimitName.AS_GIVEN, false, null);
      case OLLAMA, LLAMA_CPP -> new ChatCompletionsFormat(LimitName.MAX_TOKENS, false, null);
      case ANTHROPIC -> new MessagesFormat();
    };
  }

  /** What a server most likely speaks by its address. */
  public static Dialect of(URI base) {
    String host = base.getHost() == null ? "" : base.getHost().toLowerCase(Locale.ROOT);
    if (host.equals("api.openai.com")) {
      return OPENAI;
    }
    if (host.endsWith(".openai.azure.com") || host.endsWith(".cognitiveservices.azure.com")) {
      return AZURE;
    }
    if (host.equals("api.anthropic.com")) {
      return ANTHROPIC;
    }
    return base.getPort() == OLLAMA_PORT ? OLLAMA : COMPATIBLE;
  }
}
