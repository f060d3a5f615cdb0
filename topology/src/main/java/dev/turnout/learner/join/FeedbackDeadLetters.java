package dev.turnout.learner.join;

import dev.turnout.learner.LearnerMetrics;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the dead letters of what is not learnt from, and counts them. */
final class FeedbackDeadLetters {
  static final String STAGE = "learner";

  private final LearnerMetrics metrics;

  FeedbackDeadLetters(LearnerMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * The dead letter of a record.
   *
   * @param detail what was found and what would be right, in words
   * @param timestamp of the letter, epoch milliseconds
   */
  Record<byte[], byte[]> of(
      RefusedRecord refused, FeedbackRefusal reason, String detail, long timestamp) {
    metrics.refused(reason);
    DeadLetterRecord letter = DeadLetters.of(refused, reason.name(), detail, STAGE);
    return new Record<>(letter.key(), letter.value(), timestamp, letter.headers());
  }
}
