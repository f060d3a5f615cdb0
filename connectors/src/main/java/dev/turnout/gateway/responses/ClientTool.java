package dev.turnout.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.dialect.Json;
import org.jspecify.annotations.Nullable;

/**
 * A tool as the client knows it. Chats know no namespaces, so a tool of one has the namespace
 * before its name there.
 *
 * @param namespace group of tools that the name is of; null if it is of none
 * @param custom whether it takes any text instead of arguments
 */
record ClientTool(@Nullable String namespace, String name, boolean custom) {

  private static final String BETWEEN = "__";

  /** A tool of that name without a namespace that takes arguments. */
  static ClientTool named(String name) {
    return new ClientTool(null, name, false);
  }

  /** The tool that a definition or a call names. */
  static ClientTool of(@Nullable String namespace, JsonNode definitionOrCall) {
    return new ClientTool(
        namespace,
        definitionOrCall.path("name").asText(""),
        definitionOrCall.path("type").asText("").startsWith("custom"));
  }

  /** The tool of a call that the client sends back. */
  static ClientTool called(JsonNode call) {
    return of(Json.text(call, "namespace"), call);
  }

  /** Its name in a chat. */
  String chatName() {
    if (namespace == null) {
      return name;
    }
    return namespace + (namespace.endsWith(BETWEEN) ? "" : BETWEEN) + name;
  }
}
