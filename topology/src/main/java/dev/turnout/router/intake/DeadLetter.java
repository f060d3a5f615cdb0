package dev.turnout.router.intake;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;

/**
 * A refusal to route a record.
 *
 * @param reason the kind of refusal
 * @param detail what was found and what would be right, in words
 */
public record DeadLetter(DeadLetterReason reason, String detail) {

  /**
   * What goes to the dead-letter topic: all of the refused record that fits, with reason and
   * origin.
   *
   * @param stage where in the router the record was refused
   */
  public DeadLetterRecord of(RefusedRecord record, String stage) {
    return DeadLetters.of(record, reason.name(), detail, stage);
  }
}
