package dev.turnout.router;

import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What the consumer interceptor learnt of one record, handed to the processor as a live object that
 * travels in the record's headers. Its bytes are empty: nothing of it is ever written to a topic.
 */
final class PreparedQuery extends RecordHeader {
  static final String KEY = "turnout.prepared";

  private static final byte[] EMPTY = {};

  private final Intake intake;
  private final float @Nullable [] embedding;
  private final Preparation preparation;

  /**
   * @param intake the decoded query, or the refusal
   * @param embedding {@code float[dimension]}, unit-normalised; null when refused or when encoding
   *     the batch failed
   * @param preparation the batch this record was prepared in
   */
  PreparedQuery(Intake intake, float @Nullable [] embedding, Preparation preparation) {
    super(KEY, EMPTY);
    this.intake = intake;
    this.embedding = embedding;
    this.preparation = preparation;
  }

  Intake intake() {
    return intake;
  }

  float @Nullable [] embedding() {
    return embedding;
  }

  Preparation preparation() {
    return preparation;
  }
}
