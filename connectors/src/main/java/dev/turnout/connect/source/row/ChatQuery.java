package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.chat.ChatDialect;
import dev.turnout.gateway.conversation.ReadConversation;
import dev.turnout.gateway.conversation.Sessions;
import dev.turnout.gateway.models.ModelNames;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request of OpenAI's chat-completions API as a query, read as the gateway reads it. */
final class ChatQuery {
  private ChatQuery() {}

  /**
   * The query with what it needs of the chat. A model other than auto is the only LLM allowed.
   *
   * @throws RowException if the body is no chat, or wants its answer in pieces
   */
  static Query of(Query query, ObjectNode body) throws RowException {
    try {
      return read(query, body);
    } catch (GatewayError wrong) {
      throw new RowException("the chat: " + wrong.message());
    }
  }

  private static Query read(Query query, ObjectNode body) throws RowException {
    String text = body.toString();
    ChatDialect.check(body);
    if (body.path("stream").asBoolean(false)) {
      throw new RowException(
          "the chat has \"stream\": true; nobody reads its pieces, leave it out");
    }
    ReadConversation read = ReadConversation.of(body);
    Map<String, String> metadata = new HashMap<>(query.getMetadata());
    for (Map.Entry<String, JsonNode> entry : body.path("metadata").properties()) {
      metadata.putIfAbsent(entry.getKey(), entry.getValue().asText());
    }
    Query.Builder chat =
        Query.newBuilder(query)
            .setText(query.getText().isBlank() ? read.text() : query.getText())
            .setSession(Sessions.id(query.getTenant(), query.getSession(), read))
            .setMetadata(metadata)
            .setChat(new ChatRequest(text, false))
            .setNeeds(read.needs());
    if (!read.turns().isEmpty()) {
      chat.setConversation(
          Conversation.newBuilder()
              .setTurns(read.turns())
              .setPrefixTokens(read.prefixTokens())
              .setToolLoop(read.toolLoop())
              .build());
    }
    String model = body.path("model").asText("");
    if (!model.isEmpty() && !ModelNames.ROUTED.contains(model)) {
      QueryConstraints said = query.getConstraints();
      chat.setConstraints(
          (said == null ? QueryConstraints.newBuilder() : QueryConstraints.newBuilder(said))
              .setAllowedLlms(List.of(model))
              .build());
    }
    return chat.build();
  }
}
