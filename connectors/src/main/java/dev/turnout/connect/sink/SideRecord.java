package dev.turnout.connect.sink;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An outcome or a grade, and where it came from.
 *
 * @param query id of its query
 * @param readAt when the task got it, epoch milliseconds
 */
record SideRecord(
    String query, SpecificRecord value, TopicPartition partition, long offset, long readAt) {

  private static final int OVERHEAD = 512;

  /** What it takes in memory, about. */
  long bytes() {
    if (value instanceof Outcome outcome) {
      return OVERHEAD
          + 2L
              * (length(outcome.getAnswer())
                  + length(outcome.getQueryText())
                  + length(outcome.getResponse())
                  + length(outcome.getError()));
    }
    return OVERHEAD + (value instanceof Grade grade ? 2L * length(grade.getComment()) : 0);
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
