package dev.turnout.encoder;

import dev.turnout.math.Sha256;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 over all that decides what an encoder makes of a text, in the order it is read. */
public final class Fingerprint {
  private final MessageDigest sha256 = Sha256.newDigest();

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
