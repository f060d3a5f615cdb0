package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request in the internal form.
 *
 * @param chat the request of OpenAI's chat-completions API
 * @param body the same as text: as the client sent it where it speaks that API
 * @param original the request in the client's own dialect
 * @param model name that the client gave; empty for none
 * @param stream whether the answer is wanted in pieces
 * @param includeUsage whether the tokens are wanted as a piece
 * @param session conversation that the request names; null leaves it to the first messages
 * @param batch whether others may come first
 * @param ignored what the request wishes and no LLM is told, such as hints for caches; the client
 *     is told that
 */
public record ChatAsk(
    ObjectNode chat,
    String body,
    ObjectNode original,
    String model,
    boolean stream,
    boolean includeUsage,
    @Nullable String session,
    boolean batch,
    List<String> ignored) {

  /** Freezes what is ignored. */
  public ChatAsk {
    ignored = List.copyOf(ignored);
  }
}
