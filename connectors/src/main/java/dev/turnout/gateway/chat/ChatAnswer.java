package dev.turnout.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.schema.Outcome;

/** Responses of OpenAI's chat-completions API, made of outcomes. */
public final class ChatAnswer {

  private static final String ID = "id";

  private ChatAnswer() {}

  /**
   * The LLM's response, or one made of the answer where there is no other.
   *
   * @param outcome that succeeded
   */
  public static ObjectNode of(Outcome outcome) {
    ObjectNode response =
        Json.parse(outcome.getResponse())
            .filter(json -> json.path("choices").isArray())
            .orElseGet(() -> fromText(outcome));
    if (!response.path(ID).isTextual()) {
      response.put(ID, "chatcmpl-" + outcome.getQueryId());
    }
    if (!response.has("created")) {
      response.put("created", outcome.getFinishedAt().getEpochSecond());
    }
    return response.put("object", "chat.completion");
  }

  private static ObjectNode fromText(Outcome outcome) {
    ObjectNode json = Json.object();
    json.put(ID, "chatcmpl-" + outcome.getQueryId());
    json.put("object", "chat.completion");
    json.put("created", outcome.getFinishedAt().getEpochSecond());
    json.put("model", outcome.getLlm());
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0);
    choice
        .putObject("message")
        .put("role", "assistant")
        .put("content", outcome.getAnswer() == null ? "" : outcome.getAnswer());
    choice.putNull("logprobs");
    choice.put("finish_reason", "stop");
    long prompt = outcome.getPromptTokens() == null ? 0 : outcome.getPromptTokens();
    long completion = outcome.getCompletionTokens() == null ? 0 : outcome.getCompletionTokens();
    json.putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
    return json;
  }

  /**
   * The whole response as one piece, for clients that want pieces of an LLM that gives none.
   *
   * @return of type {@code chat.completion.chunk}, without usage
   */
  public static ObjectNode asChunk(ObjectNode response) {
    ObjectNode chunk = chunk(response);
    ArrayNode choices = chunk.putArray("choices");
    for (JsonNode choice : response.path("choices")) {
      ObjectNode piece = choices.addObject();
      piece.put("index", choice.path("index").asInt());
      JsonNode delta = choice.path("message").deepCopy();
      int index = 0;
      for (JsonNode call : delta.path("tool_calls")) {
        if (call instanceof ObjectNode object) {
          object.put("index", index++);
        }
      }
      piece.set("delta", delta.isObject() ? delta : Json.object());
      if (choice.has("logprobs")) {
        piece.set("logprobs", choice.get("logprobs"));
      }
      piece.set("finish_reason", choice.path("finish_reason"));
    }
    return chunk;
  }

  /** A piece without choices that belongs to a response. */
  static ObjectNode chunk(ObjectNode response) {
    ObjectNode chunk = Json.object();
    for (String field : new String[] {ID, "created", "model", "system_fingerprint"}) {
      if (response.has(field)) {
        chunk.set(field, response.get(field));
      }
    }
    return chunk.put("object", "chat.completion.chunk");
  }
}
