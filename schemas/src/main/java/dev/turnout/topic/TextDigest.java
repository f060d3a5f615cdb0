package dev.turnout.topic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests that stand for texts and values: nobody finds two that have the same. */
public final class TextDigest {

  private TextDigest() {}

  /** SHA-256 of a value, in 64 hexadecimal digits. */
  public static String of(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  /** The same of a text in UTF-8. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Half of it, in 32 digits, where short ids matter. */
  public static String shortOf(String text) {
    return of(text).substring(0, 32);
  }
}
