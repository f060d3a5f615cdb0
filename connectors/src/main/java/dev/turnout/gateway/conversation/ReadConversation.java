package dev.turnout.gateway.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.schema.Needs;
import dev.turnout.schema.Turn;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs to know of a request of OpenAI's chat-completions API.
 *
 * @param text what is asked: the last turn of the user that has a text
 * @param turns all other messages, newest first; of long conversations the newest and the system
 *     prompt
 * @param needs what an LLM must be able to do
 * @param prefixTokens tokens up to the last answer of an LLM, estimated; 0 if none answered yet
 * @param toolLoop whether the last message is the result of a tool
 * @param beginning what the conversation began with: system prompt and first message
 */
public record ReadConversation(
    String text,
    List<Turn> turns,
    Needs needs,
    long prefixTokens,
    boolean toolLoop,
    String beginning) {

  /** More of a text changes neither its routing nor its grade; the LLM gets all of it anyway. */
  static final int LONGEST_TEXT = 256 * 1024;

  /** Freezes the turns. */
  public ReadConversation {
    turns = List.copyOf(turns);
  }

  /**
   * Reads a request.
   *
   * @throws GatewayError if nothing is asked
   */
  public static ReadConversation of(JsonNode chat) {
    List<JsonNode> messages = ChatMessages.of(chat);
    int asked = asked(messages);
    int answered = answered(messages);
    long beside = PromptTokens.rest(chat);
    long before = PromptTokens.of(messages.subList(0, answered + 1));
    long after = PromptTokens.of(messages.subList(answered + 1, messages.size()));
    return new ReadConversation(
        text(messages.get(asked)),
        turns(messages, asked),
        needs(chat, messages, beside + before + after),
        answered < 0 ? 0 : beside + before,
        ChatMessages.role(messages.get(messages.size() - 1)).equals("tool"),
        beginning(messages));
  }

  /** The message that asks: the user's last one, or the last with anything in it. */
  private static int asked(List<JsonNode> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (ChatMessages.role(messages.get(i)).equals("user") && !text(messages.get(i)).isBlank()) {
        return i;
      }
    }
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (!text(messages.get(i)).isBlank()) {
        return i;
      }
    }
    throw GatewayError.badRequest("the question is missing or empty");
  }

  /** A picture alone is a question too; routing has no more than its kind to go by. */
  private static String text(JsonNode message) {
    String text = ChatMessages.text(message);
    if (text.isBlank()) {
      List<String> parts = ChatMessages.otherParts(message);
      text = parts.isEmpty() ? "" : "[" + String.join(", ", parts) + "]";
    }
    return BoundedText.cut(text, LONGEST_TEXT);
  }

  private static List<Turn> turns(List<JsonNode> messages, int asked) {
    List<Turn> turns = new ArrayList<>();
    @Nullable Turn system = null;
    for (int i = messages.size() - 1; i >= 0; i--) {
      String said = ChatMessages.text(messages.get(i));
      if (i == asked || said.isBlank()) {
        continue;
      }
      Turn turn =
          new Turn(
              BoundedText.cut(ChatMessages.role(messages.get(i)), FieldLimits.TURN_ROLE),
              BoundedText.cut(said, FieldLimits.TURN));
      if (turns.size() < FieldLimits.TURNS - 1) {
        turns.add(turn);
      } else if (i == 0 || turn.getRole().equals("system")) {
        // what a conversation is about often stands at its beginning only
        system = turn;
      }
    }
    if (system != null) {
      turns.add(system);
    }
    return turns;
  }

  private static Needs needs(JsonNode chat, List<JsonNode> messages, long promptTokens) {
    Set<String> capabilities = new LinkedHashSet<>();
    if (!chat.path("tools").isEmpty() || !chat.path("functions").isEmpty()) {
      capabilities.add("tools");
    }
    if (chat.path("response_format").path("type").asText("").equals("json_schema")) {
      capabilities.add("json-schema");
    }
    for (JsonNode modality : chat.path("modalities")) {
      if (modality.asText("").equals("audio")) {
        capabilities.add("audio");
      }
    }
    for (JsonNode message : messages) {
      for (String type : ChatMessages.otherParts(message)) {
        switch (type) {
          case "image_url" -> capabilities.add("vision");
          case "input_audio" -> capabilities.add("audio");
          default -> {
            // e.g. a file: no capability is known for it, the LLM says whether it takes it
          }
        }
      }
    }
    return Needs.newBuilder()
        .setCapabilities(List.copyOf(capabilities))
        .setPromptTokens(promptTokens)
        .setMaxOutputTokens(maxOutputTokens(chat))
        .build();
  }

  private static @Nullable Long maxOutputTokens(JsonNode chat) {
    JsonNode most =
        chat.hasNonNull("max_completion_tokens")
            ? chat.path("max_completion_tokens")
            : chat.path("max_tokens");
    return most.canConvertToLong() && most.asLong() > 0 ? most.asLong() : null;
  }

  /** The last message of an LLM; -1 if none answered yet. */
  private static int answered(List<JsonNode> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (ChatMessages.role(messages.get(i)).equals("assistant")) {
        return i;
      }
    }
    return -1;
  }

  private static String beginning(List<JsonNode> messages) {
    StringBuilder beginning = new StringBuilder();
    for (JsonNode message : messages) {
      String role = ChatMessages.role(message);
      beginning.append(role).append('\n').append(message.path("content")).append('\n');
      if (!role.equals("system")) {
        break;
      }
    }
    return beginning.toString();
  }
}
