package dev.turnout.llm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatFormat;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.EventReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's chat-completions API. A request goes as the client sent it but for what the server is
 * known to name otherwise.
 *
 * @param limit what the server calls the longest answer
 * @param developerRole whether it knows the role {@code developer}; if not, it is asked as {@code
 *     system}
 * @param keyHeader header of the key; null sends it as a bearer token
 */
public record ChatCompletionsFormat(
    LimitName limit, boolean developerRole, @Nullable String keyHeader) implements ChatFormat {

  /** What a server calls the longest answer, in tokens. */
  public enum LimitName {
    /** Either name, as the client has it. */
    AS_GIVEN,
    /** {@code max_completion_tokens}, which OpenAI's newer models insist on. */
    MAX_COMPLETION_TOKENS,
    /** {@code max_tokens}, the older name. */
    MAX_TOKENS;

    /** Renames the limit in a request where it has the other name. */
    public void applyTo(ObjectNode request) {
      switch (this) {
        case AS_GIVEN -> {}
        case MAX_COMPLETION_TOKENS -> rename(request, OLDER, NEWER);
        case MAX_TOKENS -> rename(request, NEWER, OLDER);
      }
    }

    private static void rename(ObjectNode request, String from, String to) {
      JsonNode limit = request.remove(from);
      if (limit != null && !limit.isNull() && !request.hasNonNull(to)) {
        request.set(to, limit);
      }
    }
  }

  /** The older name of the longest answer. */
  public static final String OLDER = "max_tokens";

  /** The newer name of the longest answer. */
  public static final String NEWER = "max_completion_tokens";

  @Override
  public URI chats(URI base) {
    return BaseUrl.with(base, "chat/completions");
  }

  @Override
  public URI models(URI base) {
    return BaseUrl.with(base, "models");
  }

  @Override
  public Map<String, String> headers(@Nullable String apiKey) {
    if (apiKey == null) {
      return Map.of();
    }
    return keyHeader == null
        ? Map.of("Authorization", "Bearer " + apiKey)
        : Map.of(keyHeader, apiKey);
  }

  @Override
  public ObjectNode request(ObjectNode chat) {
    limit.applyTo(chat);
    if (!developerRole) {
      for (JsonNode message : chat.path("messages")) {
        if (message instanceof ObjectNode object
            && "developer".equals(ChatJson.text(object, "role"))) {
          object.put("role", "system");
        }
      }
    }
    return chat;
  }

  @Override
  public ObjectNode answer(ObjectNode body) {
    return body;
  }

  @Override
  public EventReader events() {
    return new EventReader() {
      @Override
      public List<Piece> read(String text, ObjectNode data) {
        return List.of(new Piece(data, text));
      }

      /** The event {@code [DONE]} says it, which is no JSON and comes not here. */
      @Override
      public boolean finished() {
        return false;
      }
    };
  }
}
