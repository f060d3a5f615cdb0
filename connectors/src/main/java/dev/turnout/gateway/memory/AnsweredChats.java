package dev.turnout.gateway.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.turnout.gateway.chat.ChatAnswer;
import dev.turnout.gateway.dialect.ChatAsk;
import dev.turnout.gateway.dialect.PastChats;
import dev.turnout.schema.Outcome;
import java.util.Optional;

/**
 * The latest conversations of the Responses API, for requests that go on from an answer without
 * repeating what led to it, or name the items of answers instead of sending them. Only this gateway
 * knows them, as long as there is room. Thread-safe.
 */
public final class AnsweredChats {
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  /** Parsed JSON takes about so many bytes for each of its characters. */
  private static final long WEIGHT = 4;

  private final Remembered<Past> chats = new Remembered<>(MOST, MOST_BYTES);

  private record Past(ArrayNode messages, JsonNode output) {}

  /** What one tenant may go on from. */
  public PastChats of(String tenant) {
    return new PastChats() {
      @Override
      public Optional<ArrayNode> messages(String responseId) {
        return past(responseId).map(past -> past.messages().deepCopy());
      }

      @Override
      public Optional<ArrayNode> items(String responseId) {
        return past(responseId)
            .map(Past::output)
            .filter(ArrayNode.class::isInstance)
            .map(ArrayNode.class::cast)
            .map(ArrayNode::deepCopy);
      }

      private Optional<Past> past(String responseId) {
        return chats.of(tenant + "\n" + responseId);
      }
    };
  }

  /**
   * Remembers a conversation, unless the client does not want that.
   *
   * @param responseId as the client got it
   * @param outcome that succeeded
   * @param output the items of the answer
   */
  public void answered(
      String tenant, String responseId, ChatAsk ask, Outcome outcome, JsonNode output) {
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
    long length = (long) messages.toString().length() + output.toString().length();
    chats.put(tenant + "\n" + responseId, new Past(messages, output), WEIGHT * length);
  }
}
