package dev.turnout.gateway.access;

import dev.turnout.topic.TextDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secrets that clients send. One holds 256 random bits, so that a plain SHA-256 keeps it: there
 * is no dictionary to try, and a slow hash would only make each request slow.
 */
public final class KeySecret {
  /** What all of them begin with, so that tools that look for leaked secrets can know them. */
  public static final String PREFIX = "sk-turnout-";

  private static final int BYTES = 32;
  private static final int ID_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeySecret() {}

  /** A new secret; the key's id is in it, so that one sees which key it is. */
  public static String create(String id) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + id + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A new id, e.g. {@code k3f91c07a2be4}. */
  public static String newId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return "k" + HexFormat.of().formatHex(bytes);
  }

  /** What is kept of a secret: 64 hexadecimal digits. */
  public static String hash(String secret) {
    return TextDigest.of(secret);
  }
}
