package dev.turnout.router.decide;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A query's own randomness: the same whenever the query is decided again. */
final class QueryRandom {
  private QueryRandom() {}

  /** Seeded by FNV-1a over the query's id, mixed with the router's seed. */
  static RandomGenerator of(long seed, String queryId) {
    long hash = seed ^ 0xcbf29ce484222325L;
    for (byte b : queryId.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return new SplittableRandom(hash);
  }
}
