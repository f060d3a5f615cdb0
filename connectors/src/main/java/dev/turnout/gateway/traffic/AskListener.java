package dev.turnout.gateway.traffic;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of one query. Called by one thread at a time, in order; must not block. After
 * {@link #answered}, {@link #refused} or {@link #failed} nothing more is heard, but that a listener
 * that throws hears {@link #failed} with what it threw, as the last thing.
 */
public interface AskListener {

  /** The decision on a query for which only that was wanted; nothing more is heard. */
  default void decided(RoutingDecision decision) {}

  /**
   * Pieces of the answer, if the query asked for them.
   *
   * @param from which LLM answers
   * @param chunks objects of OpenAI's type {@code chat.completion.chunk}, as JSON
   */
  default void chunks(Source from, List<String> chunks) {}

  /**
   * What became of the query: an answer, or why there is none.
   *
   * @param decision without its embedding; null if it is not known
   */
  void answered(Outcome outcome, @Nullable RoutingDecision decision);

  /**
   * The router refused the query.
   *
   * @param reason name of the dead letter's reason
   * @param detail what was found and what would be right, in words
   */
  void refused(String reason, String detail);

  /** The query could not be published, or nothing was heard of it until its deadline. */
  void failed(Throwable failure);

  /**
   * Which LLM answers.
   *
   * @param modelVersion version of the router model that decided
   * @param attempt 1 for the first LLM that was asked
   */
  record Source(String llm, String modelVersion, int attempt) {}
}
