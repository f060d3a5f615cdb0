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

  /** Kinds; their codes stand in stored records. */
  enum Kind {
    DECISION(0),
    OUTCOME(1),
    GRADE(2);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "a record of the join is of kind " + code + "; run the learner that wrote it");
    }
  }

  byte[] bytes() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put(FORMAT)
        .put(kind.code)
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
    Kind kind = Kind.of(in.get());
    int partition = in.getInt();
    long offset = in.getLong();
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new JoinRecord(kind, partition, offset, payload);
  }
}
