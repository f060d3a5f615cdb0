package dev.turnout.grader.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.schema.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The text that an LLM answered with. */
public final class TextAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TextAnswer() {}

  /**
   * The answer without what the LLM thought before it.
   *
   * @return empty when there is nothing to judge: the LLM has not answered yet but called a tool,
   *     or the outcome does not carry its answer. A blank text is one when the LLM gave no other
   */
  public static Optional<String> of(Outcome outcome) {
    String answer = outcome.getAnswer();
    if (answer == null || (answer.isBlank() && callsTools(outcome.getResponse()))) {
      return Optional.empty();
    }
    return Optional.of(Thinking.without(answer).strip());
  }

  private static boolean callsTools(@Nullable String response) {
    if (response == null) {
      return false;
    }
    try {
      JsonNode message = JSON.readTree(response).path("choices").path(0).path("message");
      return !message.path("tool_calls").isEmpty() || message.path("function_call").isObject();
    } catch (JsonProcessingException notJson) {
      return false;
    }
  }
}
