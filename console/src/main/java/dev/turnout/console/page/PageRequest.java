package dev.turnout.console.page;

import dev.turnout.console.state.ConsoleState;
import dev.turnout.topic.BoundedText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks for a page, and for what.
 *
 * @param values of the query or the form, by name; of several of one name the first
 * @param state what the topics say
 * @param at the moment that the page speaks of
 */
public record PageRequest(
    Map<String, String> values, Visitor visitor, ConsoleState state, Instant at) {

  /** Longest value that is looked at, in bytes. */
  public static final int MOST_BYTES = 64 << 10;

  /** Freezes the values. */
  public PageRequest {
    values = Map.copyOf(values);
  }

  /** What was given under a name, without spaces around it; empty if nothing was. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name))
        .map(value -> BoundedText.cut(value, MOST_BYTES).strip())
        .filter(value -> !value.isEmpty());
  }
}
