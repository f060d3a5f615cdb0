package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;

/** Server-sent events as text. */
public final class ServerEvent {

  /** A comment, which clients ignore. */
  public static final String COMMENT = ": waiting\n\n";

  /** What ends the streams of OpenAI's chat-completions API. */
  public static final String DONE = "data: [DONE]\n\n";

  private ServerEvent() {}

  /** An event without a name. */
  public static String of(JsonNode data) {
    // JSON escapes line breaks, so that it is always one line
    return "data: " + data + "\n\n";
  }

  /** An event with a name. */
  public static String of(String name, JsonNode data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
