package dev.turnout.gateway.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Estimates how many tokens a prompt has, of any tokenizer: what fits is decided by it, so that it
 * is rather too high than too low. Four characters of ASCII make a token, two of the other
 * alphabets, and one of Chinese, Japanese and the like.
 */
public final class PromptTokens {

  /** A picture of usual size, in high detail. */
  private static final long PICTURE = 1_600;

  /** A minute of speech, about. */
  private static final long SOUND = 1_000;

  /** What stands around every message. */
  private static final long AROUND_MESSAGE = 4;

  private PromptTokens() {}

  /** Tokens of a whole request of OpenAI's chat-completions API. */
  public static long of(JsonNode chat) {
    return of(ChatMessages.of(chat)) + rest(chat);
  }

  /** Tokens of what stands beside the messages, such as tools. */
  static long rest(JsonNode chat) {
    return json(chat.path("tools"))
        + json(chat.path("functions"))
        + json(chat.path("response_format"));
  }

  static long of(List<JsonNode> messages) {
    long tokens = 0;
    for (JsonNode message : messages) {
      tokens += AROUND_MESSAGE + message(message);
    }
    return tokens;
  }

  private static long message(JsonNode message) {
    long tokens = text(ChatMessages.text(message));
    for (String type : ChatMessages.otherParts(message)) {
      tokens += type.equals("input_audio") ? SOUND : PICTURE;
    }
    return tokens + text(message.path("reasoning_content").asText(""));
  }

  private static long json(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? 0 : text(node.toString());
  }

  /** Tokens of a text. */
  public static long text(String text) {
    // in quarters of a token
    long quarters = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quarters += c < 0x80 ? 1 : c < 0x800 ? 2 : 4;
    }
    return (quarters + 3) / 4;
  }
}
