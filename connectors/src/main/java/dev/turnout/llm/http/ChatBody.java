package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.openai.ChatCompletionsFormat;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import org.jspecify.annotations.Nullable;

/** Makes the request to an LLM of a query, as OpenAI's chat-completions API has it. */
final class ChatBody {

  private static final String STREAM_OPTIONS = "stream_options";

  private ChatBody() {}

  /**
   * The request as the client sent it, with our model and stream; of a query without a chat, its
   * text as one message.
   *
   * @param stream whether the answer shall come in pieces
   * @return null when the client's request is no JSON object
   */
  static @Nullable ObjectNode of(Query query, LlmEndpoint endpoint, boolean stream) {
    ChatRequest chat = query.getChat();
    ObjectNode body = chat == null ? text(query.getText()) : ChatJson.object(chat.getBody());
    if (body == null) {
      return null;
    }
    body.put("model", endpoint.model());
    int longest = chat == null ? endpoint.limits().text() : endpoint.limits().chat();
    if (longest > 0
        && !body.hasNonNull(ChatCompletionsFormat.OLDER)
        && !body.hasNonNull(ChatCompletionsFormat.NEWER)) {
      body.put(ChatCompletionsFormat.OLDER, longest);
    }
    if (stream) {
      body.put("stream", true);
      ObjectNode options =
          body.get(STREAM_OPTIONS) instanceof ObjectNode given
              ? given
              : body.putObject(STREAM_OPTIONS);
      options.put("include_usage", true);
    } else {
      // servers refuse options of a stream that is none
      body.remove("stream");
      body.remove(STREAM_OPTIONS);
    }
    return body;
  }

  private static ObjectNode text(String text) {
    ObjectNode body = ChatJson.object();
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    return body;
  }
}
