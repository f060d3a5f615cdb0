package dev.turnout.router.intake;

import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import org.apache.kafka.common.header.Headers;

/**
 * A refusal to route a record.
 *
 * @param reason the kind of refusal
 * @param detail what was found and what would be right, in words
 */
public record DeadLetter(DeadLetterReason reason, String detail) {

  /**
   * The refused record's own headers with reason and origin added.
   *
   * @param stage where in the router the record was refused
   * @param topic where the record came from
   * @param partition where the record came from; negative if that is not known any more
   * @param offset where the record came from; negative if that is not known any more
   */
  public Headers headers(Headers original, String stage, String topic, int partition, long offset) {
    return DeadLetters.headers(original, reason.name(), detail, stage, topic, partition, offset);
  }
}
