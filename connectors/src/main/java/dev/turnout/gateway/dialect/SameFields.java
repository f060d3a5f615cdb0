package dev.turnout.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of each field of another API's request in a chat.
 *
 * @param same fields with the same meaning in a chat, by their name there
 * @param others fields that are read one by one
 * @param hints wishes that change no answer's meaning
 */
public record SameFields(Map<String, String> same, Set<String> others, Set<String> hints) {

  /** Freezes the names. */
  public SameFields {
    same = Map.copyOf(same);
    others = Set.copyOf(others);
    hints = Set.copyOf(hints);
  }

  /**
   * Puts what means the same into a chat.
   *
   * <p>An empty list or object asks for nothing, whatever it is for.
   *
   * @return the hints, which are left out
   * @throws GatewayError naming a field that a chat has no counterpart for
   */
  public List<String> copy(ObjectNode request, ObjectNode chat) {
    List<String> ignored = new ArrayList<>();
    request
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              String sameName = same.get(name);
              if (field.getValue().isNull() || others.contains(name)) {
                return;
              }
              if (sameName != null) {
                chat.set(sameName, field.getValue());
              } else if (hints.contains(name)) {
                ignored.add(name);
              } else if (!field.getValue().isContainerNode() || !field.getValue().isEmpty()) {
                throw GatewayError.unsupported("\"" + name + "\"", "leave it out of the request");
              }
            });
    return ignored;
  }
}
