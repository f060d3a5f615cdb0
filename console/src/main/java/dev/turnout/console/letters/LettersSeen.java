package dev.turnout.console.letters;

import java.util.List;
import java.util.Map;

/**
 * The dead letters that wait in a stretch of their topic.
 *
 * @param waiting how many, by reason
 * @param letters those that were asked for, latest first
 * @param older the stretch before this one, see {@link LetterDesk#waiting}; empty if there is none
 * @param unread records before the stretch that nobody has looked through yet for what was replayed
 *     there
 */
public record LettersSeen(
    Map<String, Long> waiting, List<LetterLine> letters, String older, long unread) {

  /** Freezes what it holds. */
  public LettersSeen {
    waiting = Map.copyOf(waiting);
    letters = List.copyOf(letters);
  }
}
