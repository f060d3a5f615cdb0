package dev.turnout.follow;

import dev.turnout.registry.RegistryUnavailableException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waiting for a schema registry that does not answer: on a follower's thread, nobody minds. */
final class Patience {
  private static final Logger log = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MILLIS = 1_000;

  private Patience() {}

  /** Repeats the call until the registry answers or the thread is interrupted. */
  static <T> @Nullable T untilRegistryAnswers(Supplier<@Nullable T> call) {
    while (true) {
      try {
        return call.get();
      } catch (RegistryUnavailableException e) {
        log.warn("waiting for the schema registry: {}", e.getMessage());
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }
}
