package dev.turnout.llm.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** An answer that came at once although its client wants pieces. */
public final class WholeAnswer {

  private WholeAnswer() {}

  /**
   * The answer as one piece.
   *
   * @param answer of the type {@code chat.completion}
   * @return of the type {@code chat.completion.chunk}
   */
  public static ObjectNode asPiece(ObjectNode answer) {
    ObjectNode piece = ChatJson.object();
    for (Map.Entry<String, JsonNode> field : answer.properties()) {
      switch (field.getKey()) {
        case "object" -> piece.put("object", "chat.completion.chunk");
        case "choices" -> {
          var choices = piece.putArray("choices");
          field.getValue().forEach(choice -> choices.add(delta(choice)));
        }
        default -> piece.set(field.getKey(), field.getValue());
      }
    }
    return piece;
  }

  private static JsonNode delta(JsonNode choice) {
    if (!(choice.deepCopy() instanceof ObjectNode piece)) {
      return choice;
    }
    JsonNode message = piece.remove("message");
    if (message != null) {
      int index = 0;
      for (JsonNode call : message.path("tool_calls")) {
        if (call instanceof ObjectNode object && !object.has("index")) {
          object.put("index", index);
        }
        index++;
      }
      piece.set("delta", message);
    }
    return piece;
  }
}
