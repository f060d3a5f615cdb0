package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.ChunkListener;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.TokenPrices;
import dev.turnout.llm.exchange.AnswerExchange;
import dev.turnout.llm.exchange.StreamedAnswer.Answered;
import dev.turnout.llm.failure.ErrorBody;
import dev.turnout.llm.failure.LlmFailures;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.WholeAnswer;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import org.jspecify.annotations.Nullable;

/** Reads the answer out of what a server sent. */
final class Completions {

  private Completions() {}

  /**
   * The answer in a response that came whole.
   *
   * @throws LlmException if it is none
   */
  static Completion of(LlmCall call, LlmEndpoint endpoint, AnswerExchange.Reply.Whole whole) {
    String text = whole.response().body();
    ObjectNode body = ChatJson.object(text);
    if (body == null) {
      throw call.failures()
          .of(
              Kind.MISCONFIGURED,
              "its answer is no JSON; check the base URL",
              "the answer is no JSON: " + LlmFailures.quote(text),
              null);
    }
    ErrorBody error = ErrorBody.within(body);
    if (error != null) {
      throw call.failures().refused(error.impliedStatus(), text, error, null, true);
    }
    ObjectNode answer = endpoint.dialect().format().answer(body);
    Completion completion =
        of(
            call,
            endpoint,
            new Answered(
                answer,
                answer.equals(body) ? text.strip() : answer.toString(),
                whole.latency(),
                null));
    ChunkListener chunks = call.chunks();
    if (chunks != null) {
      // asked for pieces, the server sent all at once
      call.handOn();
      chunks.chunk(WholeAnswer.asPiece(answer).toString());
    }
    return completion;
  }

  /**
   * The answer in a response, however it came.
   *
   * @throws LlmException if it is none
   */
  static Completion of(LlmCall call, LlmEndpoint endpoint, Answered answered) {
    JsonNode message = answered.json().path("choices").path(0).path("message");
    if (!message.isObject()) {
      throw call.failures()
          .of(
              Kind.REJECTED,
              "its answer has no choices[0].message",
              "the answer has no choices[0].message: " + LlmFailures.quote(answered.text()),
              null);
    }
    String response = compact(call, answered);
    JsonNode usage = answered.json().path("usage");
    Long promptTokens = ChatJson.number(usage, "prompt_tokens");
    Long completionTokens = ChatJson.number(usage, "completion_tokens");
    Long cached = cached(usage);
    TokenPrices prices = endpoint.prices();
    return new Completion(
        text(message),
        promptTokens,
        completionTokens,
        prices == null ? null : prices.cost(promptTokens, completionTokens, cached),
        answered.latency(),
        call.isChat()
            ? new Completion.Chat(
                response,
                answered.firstToken(),
                cached,
                ChatJson.number(usage.path("completion_tokens_details"), "reasoning_tokens"))
            : null);
  }

  /** The response within its limit; blanks between its fields do not count. */
  private static String compact(LlmCall call, Answered answered) {
    String response = answered.text();
    if (BoundedText.bytes(response) <= FieldLimits.RESPONSE || !call.isChat()) {
      return response;
    }
    String shorter = answered.json().toString();
    long bytes = BoundedText.bytes(shorter);
    if (bytes > FieldLimits.RESPONSE) {
      String words =
          "its response has "
              + bytes
              + " bytes, the limit is "
              + FieldLimits.RESPONSE
              + "; ask for a shorter answer, or without logprobs";
      throw call.failures().of(Kind.REJECTED, words, words, null);
    }
    return shorter;
  }

  /** The text; of an LLM that refused in a field of its own, the refusal. */
  private static String text(JsonNode message) {
    String text = ChatJson.content(message.path("content"));
    return text.isEmpty() ? message.path("refusal").asText("") : text;
  }

  private static @Nullable Long cached(JsonNode usage) {
    Long cached = ChatJson.number(usage.path("prompt_tokens_details"), "cached_tokens");
    // DeepSeek's name
    return cached != null ? cached : ChatJson.number(usage, "prompt_cache_hit_tokens");
  }
}
