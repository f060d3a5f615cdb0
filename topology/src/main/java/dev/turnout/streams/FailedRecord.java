package dev.turnout.streams;

import dev.turnout.topic.DeadLetterReason;

/**
 * Why a source record could not be processed.
 *
 * @param step what failed
 * @param reason {@link DeadLetterReason#TOO_LARGE} if what was made of it was refused for its size,
 *     else {@link DeadLetterReason#INTERNAL_ERROR}
 * @param detail what happened and what would be right, in words
 */
record FailedRecord(Step step, DeadLetterReason reason, String detail) {

  /** Where on its way a record failed. */
  enum Step {
    /** A processor threw. */
    PROCESS,
    /** A serializer threw. */
    SERIALIZE,
    /** A broker, or the producer, refused what was sent. */
    SEND
  }
}
