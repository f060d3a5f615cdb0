package dev.turnout.gateway.access;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All keys of one moment. Immutable.
 *
 * <p>A secret is looked up by its hash. Nobody can choose a secret whose hash begins like another
 * one's, so the time that the look-up takes tells nothing of the secrets that are there.
 */
final class KeyRing {
  static final KeyRing EMPTY = new KeyRing(Map.of());

  private final Map<String, AccessKey> byHash;
  private final Set<String> ids;

  private KeyRing(Map<String, AccessKey> byId) {
    Map<String, AccessKey> hashes = new HashMap<>();
    // two keys of one secret: what ends the one ends the secret
    byId.values()
        .forEach(
            key ->
                hashes.merge(
                    key.hash(), key, (one, other) -> one.revokedAt() == null ? other : one));
    this.byHash = Map.copyOf(hashes);
    this.ids = Set.copyOf(byId.keySet());
  }

  /**
   * Of several sources.
   *
   * @param sources of two keys with one id, that of the later source counts
   */
  @SafeVarargs
  static KeyRing of(Collection<AccessKey>... sources) {
    Map<String, AccessKey> byId = new HashMap<>();
    for (Collection<AccessKey> source : sources) {
      source.forEach(key -> byId.put(key.id(), key));
    }
    return new KeyRing(byId);
  }

  /** The key of a secret, if it lets anybody in. */
  Optional<AccessKey> find(String secret, Instant now) {
    return Optional.ofNullable(byHash.get(KeySecret.hash(secret))).filter(key -> key.isValid(now));
  }

  /** Whether there is no key at all, not even one that has ended. */
  boolean isEmpty() {
    return ids.isEmpty();
  }

  Set<String> ids() {
    return ids;
  }
}
