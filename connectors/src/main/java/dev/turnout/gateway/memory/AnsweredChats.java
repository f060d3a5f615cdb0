package dev.turnout.gateway.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.turnout.gateway.chat.ChatAnswer;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.schema.Outcome;

/**
 * The latest conversations of the Responses API, for requests that go on from an answer without
 * repeating what led to it. Only this gateway knows them, as long as there is room. Thread-safe.
 */
public final class AnsweredChats {
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  /** Parsed JSON takes about so many bytes for each of its characters. */
  private static final long WEIGHT = 4;

  private final Remembered<ArrayNode> chats = new Remembered<>(MOST, MOST_BYTES);

  /** What one tenant may go on from. */
  public PastChats of(String tenant) {
    return id -> chats.of(tenant + "\n" + id).map(ArrayNode::deepCopy);
  }

  /**
   * Remembers a conversation, unless the client does not want that.
   *
   * @param responseId as the client got it
   * @param outcome that succeeded
   */
  public void answered(String tenant, String responseId, ChatAsk ask, Outcome outcome) {
    if (!ask.original().path("store").asBoolean(true)) {
      return;
    }
    JsonNode message = ChatAnswer.of(outcome).path("choices").path(0).path("message");
    if (!message.isObject()) {
      return;
    }
    ArrayNode messages = ask.chat().path("messages").deepCopy();
    if (ask.original().hasNonNull("instructions")) {
      // they hold for one answer alone
      messages.remove(0);
    }
    messages.add(message);
    chats.put(tenant + "\n" + responseId, messages, WEIGHT * messages.toString().length());
  }
}
