package dev.turnout.llm.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatJson;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The error in what a server sent, in the form of OpenAI's: an object with {@code message}, {@code
 * type}, {@code param} and {@code code}. Servers write it in many ways: vLLM without an object
 * around it, Ollama as a text, FastAPI as {@code detail}, Anthropic with {@code type: error}.
 *
 * @param error its fields, what the server added included
 */
public record ErrorBody(ObjectNode error) {

  /** What a status that is not said is taken for. */
  private static final int SERVER_ERROR = 500;

  /**
   * The error in a response that is one by its status.
   *
   * @return null when the body holds none that can be read
   */
  public static @Nullable ErrorBody of(@Nullable ObjectNode body) {
    if (body == null) {
      return null;
    }
    ErrorBody found = within(body);
    if (found != null) {
      return found;
    }
    String message = ChatJson.text(body, "message");
    if (message != null) {
      return of(message, ChatJson.text(body, "type"), body.path("param"), body.path("code"));
    }
    JsonNode detail = body.path("detail");
    if (detail.isMissingNode() || detail.isNull()) {
      return null;
    }
    return of(detail.isTextual() ? detail.textValue() : detail.toString(), null, detail, detail);
  }

  /**
   * The error in a response or event that came with a good status.
   *
   * @return null when it is none
   */
  public static @Nullable ErrorBody within(ObjectNode body) {
    JsonNode error = body.path("error");
    if (error instanceof ObjectNode object) {
      ObjectNode copy = object.deepCopy();
      if (!copy.path("message").isTextual()) {
        copy.put("message", copy.toString());
      }
      for (String field : new String[] {"type", "param", "code"}) {
        if (!copy.has(field)) {
          copy.putNull(field);
        }
      }
      return new ErrorBody(copy);
    }
    if (error.isTextual() && !error.textValue().isEmpty()) {
      return of(error.textValue(), ChatJson.text(body, "type"), body.path("param"), error);
    }
    if ("error".equals(ChatJson.text(body, "object")) && body.path("message").isTextual()) {
      return of(
          body.path("message").textValue(),
          ChatJson.text(body, "type"),
          body.path("param"),
          body.path("code"));
    }
    return null;
  }

  /** An error of our own words. */
  public static ErrorBody of(String message, @Nullable String type, JsonNode param, JsonNode code) {
    ObjectNode error = ChatJson.object().put("message", message);
    error.put("type", type == null ? "invalid_request_error" : type);
    error.put("param", param.isTextual() ? param.textValue() : null);
    if (code.isIntegralNumber()) {
      error.set("code", code);
    } else {
      error.putNull("code");
    }
    return new ErrorBody(error);
  }

  public String message() {
    return error.path("message").asText("");
  }

  public String code() {
    return error.path("code").asText("");
  }

  public String type() {
    return error.path("type").asText("");
  }

  public String param() {
    return error.path("param").asText("");
  }

  /** The HTTP status that an error within a good response would have had. */
  public int impliedStatus() {
    int code = error.path("code").asInt(error.path("status").asInt(0));
    if (code >= 400 && code <= 599) {
      return code;
    }
    String words = (type() + " " + code()).toLowerCase(Locale.ROOT);
    if (words.contains("rate_limit") || words.contains("too_many_requests")) {
      return 429;
    }
    if (words.contains("overloaded")) {
      return 503;
    }
    if (words.contains("authentication") || words.contains("invalid_api_key")) {
      return 401;
    }
    if (words.contains("permission")) {
      return 403;
    }
    if (words.contains("not_found")) {
      return 404;
    }
    return words.contains("invalid_request")
            || words.contains("badrequest")
            || words.contains("context_length")
            || words.contains("content_filter")
        ? 400
        : SERVER_ERROR;
  }

  /** The whole as a response's body. */
  public ObjectNode body() {
    ObjectNode body = ChatJson.object();
    body.set("error", error);
    return body;
  }
}
