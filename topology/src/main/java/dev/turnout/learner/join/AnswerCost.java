package dev.turnout.learner.join;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an answer took. Numbers that no answer can take are unknown.
 *
 * @param costUsd finite and at least 0; null when unknown
 * @param latencyMs at least 0; null when unknown
 */
record AnswerCost(@Nullable Double costUsd, @Nullable Long latencyMs) {
  AnswerCost {
    costUsd = costUsd != null && Double.isFinite(costUsd) && costUsd >= 0 ? costUsd : null;
    latencyMs = latencyMs != null && latencyMs >= 0 ? latencyMs : null;
  }

  /** This where it is known, the other for the rest. */
  AnswerCost or(AnswerCost other) {
    return new AnswerCost(
        costUsd == null ? other.costUsd : costUsd, latencyMs == null ? other.latencyMs : latencyMs);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(Double.BYTES + Long.BYTES)
        .putDouble(costUsd == null ? Double.NaN : costUsd)
        .putLong(latencyMs == null ? -1 : latencyMs)
        .array();
  }

  /** Reads {@link #bytes}; nothing is known from null. */
  static AnswerCost read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new AnswerCost(null, null);
    }
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    return new AnswerCost(numbers.getDouble(), numbers.getLong());
  }
}
