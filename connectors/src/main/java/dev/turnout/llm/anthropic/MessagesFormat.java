package dev.turnout.llm.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.openai.BaseUrl;
import dev.turnout.llm.wire.ChatFormat;
import dev.turnout.llm.wire.EventReader;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Messages API, version 2023-06-01. What chats have and it has not is refused by name
 * where leaving it out would change the answer ({@link AnthropicRequest}).
 */
public final class MessagesFormat implements ChatFormat {

  private static final String VERSION = "2023-06-01";

  @Override
  public URI chats(URI base) {
    return BaseUrl.with(base, withVersion(base, "messages"));
  }

  @Override
  public URI models(URI base) {
    return BaseUrl.with(base, withVersion(base, "models"));
  }

  /** Anthropic's own clients take a base URL without the version. */
  private static String withVersion(URI base, String operation) {
    String path = base.getPath() == null ? "" : base.getPath();
    return path.matches(".*/v\\d+/*") ? operation : "v1/" + operation;
  }

  @Override
  public Map<String, String> headers(@Nullable String apiKey) {
    Map<String, String> headers = new HashMap<>();
    headers.put("anthropic-version", VERSION);
    if (apiKey != null) {
      headers.put("x-api-key", apiKey);
    }
    return headers;
  }

  @Override
  public ObjectNode request(ObjectNode chat) {
    return AnthropicRequest.of(chat);
  }

  @Override
  public ObjectNode answer(ObjectNode body) {
    return AnthropicAnswer.of(body);
  }

  @Override
  public EventReader events() {
    return new MessagesEvents();
  }
}
