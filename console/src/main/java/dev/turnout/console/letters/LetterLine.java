package dev.turnout.console.letters;

import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.LogText;
import java.time.Instant;

/**
 * What a list says of a dead letter, without what it holds.
 *
 * @param origin where the refused record was; empty if that is not known
 * @param bytes of the refused value
 */
public record LetterLine(
    LetterPosition position,
    Instant when,
    String reason,
    String stage,
    String origin,
    long bytes,
    String detail) {
  private static final int LONGEST_TEXT = 500;

  /** Of a letter, whose texts may be anybody's. */
  public static LetterLine of(Letter letter) {
    return new LetterLine(
        letter.position(),
        letter.when(),
        cut(letter.reason()),
        cut(letter.stage()),
        letter.origin().map(Letter.Origin::toString).map(LetterLine::cut).orElse(""),
        letter.size(),
        cut(letter.detail()));
  }

  private static String cut(String text) {
    return LogText.of(BoundedText.cut(text, LONGEST_TEXT));
  }
}
