package dev.turnout.router.intake;

import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** What became of a polled record before any encoding: a query to route, or a refusal. */
public sealed interface IntakeResult {

  /**
   * A well-formed query with a text worth encoding.
   *
   * @param query its id is not blank, its text within the limits
   */
  record Accepted(Query query) implements IntakeResult {}

  /**
   * A record that goes to the dead-letter topic.
   *
   * @param letter why
   * @param query the query, so that whoever waits for it can be told; null if none could be read
   */
  record Refused(DeadLetter letter, @Nullable Query query) implements IntakeResult {

    /** A refusal of what is no query. */
    public Refused(DeadLetter letter) {
      this(letter, null);
    }
  }

  /** A refusal for a reason, with what was found and what would be right in words. */
  static IntakeResult refused(DeadLetterReason reason, String detail) {
    return new Refused(new DeadLetter(reason, detail));
  }
}
