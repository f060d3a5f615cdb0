package dev.turnout.encoder;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over all that decides what an encoder makes of a text, in the order it is read. */
public final class Fingerprint {
  private final MessageDigest sha256;

  public Fingerprint() {
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A view of {@code input} that takes in every byte read through it. */
  public InputStream reading(InputStream input) {
    return new DigestInputStream(input, sha256);
  }

  /** Takes in a setting. */
  public void add(String setting) {
    sha256.update(setting.getBytes(StandardCharsets.UTF_8));
  }

  /** First 12 hex digits; the fingerprint starts afresh. */
  public String digest() {
    return HexFormat.of().formatHex(sha256.digest()).substring(0, 12);
  }
}
