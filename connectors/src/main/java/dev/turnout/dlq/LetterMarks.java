package dev.turnout.dlq;

import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What became of the dead letters so far, by the marks on their topic. */
final class LetterMarks {
  private final Map<LetterPosition, DeadLetterState> byPosition = new HashMap<>();
  private final Set<String> replayed = new HashSet<>();

  void add(DeadLetterMark mark) {
    byPosition.put(new LetterPosition(mark.partition(), mark.offset()), mark.state());
    if (mark.state() == DeadLetterState.REPLAYED && mark.record() != null) {
      replayed.add(mark.record());
    }
  }

  /**
   * The state of a letter. One whose record was replayed by way of another letter counts as
   * replayed: a grader and the learner may refuse the same outcome, and a role that is killed may
   * refuse a record twice.
   */
  DeadLetterState of(Letter letter) {
    DeadLetterState own = byPosition.get(letter.position());
    if (own != null) {
      return own;
    }
    return !replayed.isEmpty() && letter.refused().filter(replayed::contains).isPresent()
        ? DeadLetterState.REPLAYED
        : DeadLetterState.WAITING;
  }
}
