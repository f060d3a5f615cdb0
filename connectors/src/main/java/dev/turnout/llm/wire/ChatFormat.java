package dev.turnout.llm.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of server wants to be asked, and how it answers. Everything on Turnout's side is
 * OpenAI's chat-completions API. Holds no state of a call; safe for use by several threads.
 */
public interface ChatFormat {

  /**
   * Where chats are posted to.
   *
   * @param base as the operator gives it; its query string is kept
   */
  URI chats(URI base);

  /** Where the server's models are listed. */
  URI models(URI base);

  /**
   * Headers that say who asks, and in which version of the API.
   *
   * @param apiKey null when the server wants none
   */
  Map<String, String> headers(@Nullable String apiKey);

  /**
   * The body to post.
   *
   * @param chat a request of chat-completions, its model and stream set; becomes the callee's
   * @throws UnsupportedParameterException if the server cannot do what the client asks for, so that
   *     leaving it out would change the answer
   */
  ObjectNode request(ObjectNode chat);

  /**
   * The answer to a request that did not stream.
   *
   * @param body what the server sent
   * @return of the type {@code chat.completion}
   */
  ObjectNode answer(ObjectNode body);

  /** Reads the events of one answer that streams. */
  EventReader events();
}
