package dev.turnout.learner.join;

import java.nio.ByteBuffer;

/**
 * A decision, outcome or grade on its way from the partition that its producer chose to the join,
 * and a grade that waits there.
 *
 * @param kind what it is
 * @param partition where it was on its topic
 * @param offset where it was on its topic
 * @param payload of a decision or grade its record's value as it was, of an outcome an {@link
 *     AnswerReport}
 */
record JoinRecord(Kind kind, int partition, long offset, byte[] payload) {
  private static final byte FORMAT = 1;
  private static final int HEADER = 2 + Integer.BYTES + Long.BYTES;

  /** Kinds; the order stands in stored records. */
  enum Kind {
    DECISION,
    OUTCOME,
    GRADE
  }

  byte[] bytes() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put(FORMAT)
        .put((byte) kind.ordinal())
        .putInt(partition)
        .putLong(offset)
        .put(payload)
        .array();
  }

  /**
   * Reads {@link #bytes}.
   *
   * @throws IllegalArgumentException if a later release wrote them
   */
  static JoinRecord read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || in.get() != FORMAT) {
      throw new IllegalArgumentException(
          "a record of the join is not of format " + FORMAT + "; run the learner that wrote it");
    }
    Kind kind = Kind.values()[in.get()];
    int partition = in.getInt();
    long offset = in.getLong();
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new JoinRecord(kind, partition, offset, payload);
  }
}
