package dev.turnout.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.dialect.AnswerSource;
import dev.turnout.gateway.dialect.AnswerStream;
import dev.turnout.gateway.dialect.ServerEvent;

/**
 * Hands the LLM's pieces on. Workers always ask the LLM for the tokens it used, so the piece that
 * holds them is left out unless the client asked for it.
 */
final class ChatStream implements AnswerStream {

  private final boolean includeUsage;
  private final AnswerSource source;
  private boolean usageSent;

  ChatStream(boolean includeUsage, AnswerSource source) {
    this.includeUsage = includeUsage;
    this.source = source;
  }

  @Override
  public String chunk(ObjectNode chunk) {
    JsonNode choices = chunk.path("choices");
    boolean hasUsage = chunk.hasNonNull("usage");
    if (hasUsage && !includeUsage) {
      if (choices.isEmpty()) {
        return "";
      }
      chunk.remove("usage");
    }
    usageSent |= hasUsage;
    return ServerEvent.of(chunk.put("model", source.llm()));
  }

  @Override
  public String end(ObjectNode response) {
    JsonNode usage = response.path("usage");
    if (!includeUsage || usageSent || !usage.isObject()) {
      return ServerEvent.DONE;
    }
    ObjectNode last = ChatAnswer.chunk(response).put("model", source.llm());
    last.putArray("choices");
    last.set("usage", usage);
    return ServerEvent.of(last) + ServerEvent.DONE;
  }

  @Override
  public String error(GatewayError error) {
    return ServerEvent.of(ChatDialect.openAiError(error));
  }
}
