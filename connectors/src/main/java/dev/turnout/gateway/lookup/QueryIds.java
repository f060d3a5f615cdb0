package dev.turnout.gateway.lookup;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Ids of queries that carry the time at which they were made (UUID version 7, RFC 9562), by which
 * what became of a query is found on its topics without searching them.
 */
public final class QueryIds {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000000000000000L;

  private QueryIds() {}

  /** A new id. */
  public static String next(Clock clock) {
    long high = (clock.millis() << 16) | VERSION_7 | (RANDOM.nextInt() & 0xfff);
    long low = VARIANT | (RANDOM.nextLong() >>> 2);
    return new UUID(high, low).toString();
  }

  /** When an id was made; empty if it is of another form. */
  public static Optional<Instant> time(String id) {
    if (!FORM.matcher(id).matches()) {
      return Optional.empty();
    }
    UUID uuid = UUID.fromString(id);
    return uuid.version() == 7 && uuid.variant() == 2
        ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
        : Optional.empty();
  }
}
