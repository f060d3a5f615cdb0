package dev.turnout.kafka;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/** Brokers that refuse a client: what Kafka's exceptions leave out is what to do about it. */
public final class AccessFailure {
  private static final int DEEPEST_CAUSE = 10;

  private AccessFailure() {}

  /** What to do, if a broker refused a right or the credentials; empty for any other failure. */
  public static Optional<String> remedy(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof AuthorizationException) {
        return Optional.of("a right is missing; turnout acls prints those that each role needs");
      }
      if (cause instanceof AuthenticationException) {
        return Optional.of(
            "the broker refuses the credentials; look at kafka.security.protocol, kafka.sasl.* and"
                + " kafka.ssl.*");
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** The failure in words, with the remedy where there is one. */
  public static String describe(Throwable failure) {
    return remedy(failure).map(remedy -> failure + "; " + remedy).orElseGet(failure::toString);
  }
}
