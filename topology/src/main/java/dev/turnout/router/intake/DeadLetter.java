package dev.turnout.router.intake;

import dev.turnout.router.encode.EncodedQueryHeader;
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
   */
  public Headers headers(Headers original, String stage, String topic, int partition, long offset) {
    Headers headers =
        DeadLetters.headers(original, reason.name(), detail, stage, topic, partition, offset);
    headers.remove(EncodedQueryHeader.KEY);
    return headers;
  }
}
