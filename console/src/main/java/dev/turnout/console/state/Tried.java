package dev.turnout.console.state;

import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.List;

/**
 * A question that was tried.
 *
 * @param decision what the routers decided, which asked no LLM
 * @param asked ids of the queries that had LLMs answer it, the chosen LLM's first
 */
public record Tried(String text, Instant at, RoutingDecision decision, List<String> asked) {

  /** Freezes the ids. */
  public Tried {
    asked = List.copyOf(asked);
  }
}
