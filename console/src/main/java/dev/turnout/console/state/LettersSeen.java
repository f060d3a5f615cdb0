package dev.turnout.console.state;

import dev.turnout.dlq.Letter;
import java.util.List;
import java.util.Map;

/**
 * The dead letters that wait.
 *
 * @param waiting how many, by reason
 * @param latest the latest of those that were asked for, latest first
 */
public record LettersSeen(Map<String, Long> waiting, List<Letter> latest) {

  /** None waits. */
  public static final LettersSeen NONE = new LettersSeen(Map.of(), List.of());

  /** Freezes what it holds. */
  public LettersSeen {
    waiting = Map.copyOf(waiting);
    latest = List.copyOf(latest);
  }
}
