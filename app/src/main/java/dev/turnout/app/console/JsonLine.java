package dev.turnout.app.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;

/** What {@code --json} prints: one object on one line, the last of standard output. */
public final class JsonLine {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).build();

  private JsonLine() {}

  /** Writes the object and flushes; NaN becomes null, since JSON has no word for it. */
  public static void print(PrintWriter out, Object object) {
    out.println(text(object));
    out.flush();
  }

  static String text(Object object) {
    try {
      return MAPPER.writeValueAsString(JsonNumbers.withoutNaN(MAPPER.valueToTree(object)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the summary as JSON", e);
    }
  }
}
