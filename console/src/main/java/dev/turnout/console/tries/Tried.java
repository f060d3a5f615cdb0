package dev.turnout.console.tries;

import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A conversation that was tried.
 *
 * @param turns of the conversation, oldest first; the last one asks
 * @param decision what the routers decided, which asked no LLM
 * @param answers of the LLMs that were asked, the chosen one's first
 */
public record Tried(
    List<Turn> turns, Instant at, RoutingDecision decision, List<TriedAnswer> answers) {

  /** Freezes the lists. */
  public Tried {
    turns = List.copyOf(turns);
    answers = List.copyOf(answers);
  }

  /** Id of the query that was decided. */
  public String id() {
    return decision.getQueryId();
  }

  /** What is asked. */
  public String question() {
    return turns.get(turns.size() - 1).getText();
  }

  /** An answer by the id of its query. */
  public Optional<TriedAnswer> answer(String queryId) {
    return answers.stream().filter(answer -> answer.id().equals(queryId)).findFirst();
  }
}
