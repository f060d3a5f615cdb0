package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.TrafficLimits;
import dev.turnout.schema.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as the gateway uses it.
 *
 * @param id letters, digits, dots, hyphens and underscores
 * @param hash as {@link KeySecret#hash}
 * @param tenant of all that is asked with it; without a colon, which ends it in ids of queries
 * @param allowedLlms LLMs that may answer; empty for all
 * @param expiresAt when it ends; null for never
 * @param revokedAt null while it is not revoked
 */
public record AccessKey(
    String id,
    String hash,
    String tenant,
    Rights rights,
    TrafficLimits limits,
    List<String> allowedLlms,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** Checks id, hash and tenant. */
  public AccessKey {
    allowedLlms = List.copyOf(allowedLlms);
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "key \"" + id + "\": an id is 1 to 64 letters, digits, dots, hyphens and underscores");
    }
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "key \"" + id + "\": its hash is not a SHA-256 in 64 small hexadecimal digits");
    }
    if (tenant.isBlank() || tenant.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "key \"" + id + "\": its tenant \"" + tenant + "\" must have a name without a colon");
    }
  }

  /**
   * Reads a key's record.
   *
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public static AccessKey of(ApiKey key) {
    TrafficLimits limits;
    try {
      limits =
          new TrafficLimits(
              key.getRequestsPerMinute(), key.getTokensPerMinute(), key.getConcurrency());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key \"" + key.getId() + "\": " + e.getMessage(), e);
    }
    return new AccessKey(
        key.getId(),
        key.getHash(),
        key.getTenant(),
        Rights.of(key),
        limits,
        key.getAllowedLlms(),
        key.getExpiresAt(),
        key.getRevokedAt());
  }

  /** A key that lets nobody in, in the place of one that cannot be read. */
  static AccessKey closed() {
    return new AccessKey(
        "unreadable",
        KeySecret.hash(""),
        Caller.DEFAULT_TENANT,
        new Rights(false, false, List.of(), List.of(), false),
        TrafficLimits.NONE,
        List.of(),
        null,
        Instant.EPOCH);
  }

  /** Whether it lets anybody in at this moment. */
  public boolean isValid(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "AccessKey[" + id + ", tenant " + tenant + ", " + rights + ", " + limits + "]";
  }
}
