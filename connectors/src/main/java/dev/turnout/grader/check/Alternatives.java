package dev.turnout.grader.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Expected answers of which each is right: one text, or a JSON array of several. */
final class Alternatives {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Alternatives() {}

  /** The texts; what is no array of texts or numbers is one text. */
  static List<String> of(String expected) {
    if (expected.stripLeading().startsWith("[")) {
      try {
        JsonNode array = JSON.readTree(expected);
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.isValueNode() ? each.asText() : ""));
        if (array.isArray() && !texts.isEmpty() && texts.stream().noneMatch(String::isBlank)) {
          return texts;
        }
      } catch (JsonProcessingException notJson) {
        return List.of(expected);
      }
    }
    return List.of(expected);
  }

  /** In words, for comments. */
  static String words(List<String> texts) {
    return String.join("\" or \"", texts);
  }
}
