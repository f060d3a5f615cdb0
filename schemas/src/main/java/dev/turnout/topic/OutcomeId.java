package dev.turnout.topic;

import dev.turnout.schema.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which call of an LLM an outcome reports: the same for every report of it. Workers report at least
 * once, and two of them may have asked for the same request, so whoever counts outcomes counts by
 * this. It is a digest, so that remembering many takes the same room whatever ids there are.
 *
 * @param high first half of 128 bits
 * @param low second half
 */
public record OutcomeId(long high, long low) {

  /** Of a query, an LLM, an attempt, and whether it was for grading only. */
  public static OutcomeId of(Outcome outcome) {
    return of(
        outcome.getQueryId(),
        outcome.getLlm(),
        Integer.toString(outcome.getAttempt()),
        Boolean.toString(outcome.getShadow()));
  }

  /** Of any texts; other texts, or the same in another order, have another id. */
  public static OutcomeId of(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // its length first, so that no text, whatever is in it, runs into the next
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return new OutcomeId(bits.getLong(), bits.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
