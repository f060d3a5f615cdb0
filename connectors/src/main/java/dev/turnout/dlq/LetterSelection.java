package dev.turnout.dlq;

import dev.turnout.topic.DeadLetterState;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant.
 *
 * @param positions these alone; empty for wherever they are
 * @param state null for any
 * @param reason null for any
 * @param stage null for any
 * @param topic that the refused record came from; null for any
 * @param since null for any time
 */
public record LetterSelection(
    Set<LetterPosition> positions,
    @Nullable DeadLetterState state,
    @Nullable String reason,
    @Nullable String stage,
    @Nullable String topic,
    @Nullable Instant since) {

  public LetterSelection {
    positions = Set.copyOf(positions);
  }

  /** Whether a letter is one of them. */
  public boolean has(Letter letter) {
    return (positions.isEmpty() || positions.contains(letter.position()))
        && (state == null || state == letter.state())
        && (reason == null || reason.equalsIgnoreCase(letter.reason()))
        && (stage == null || stage.equalsIgnoreCase(letter.stage()))
        && (topic == null || topic.equals(letter.topic()))
        && (since == null || !letter.when().isBefore(since));
  }

  /** The same letters in another state. */
  LetterSelection in(@Nullable DeadLetterState other) {
    return new LetterSelection(positions, other, reason, stage, topic, since);
  }
}
