package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a command waits for what is not there yet: nothing at a terminal, some minutes where all
 * parts of an installation are started at once.
 */
public record Patience(Duration limit) {
  static final Patience NONE = new Patience(Duration.ZERO);

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /**
   * Looks again and again until nothing is in the way.
   *
   * @param problem what is in the way, and the remedy; empty when nothing is
   * @throws CommandFailure with what is still in the way at the end
   */
  void await(Supplier<Optional<String>> problem) {
    long end = System.nanoTime() + limit.toNanos();
    String said = "";
    while (true) {
      String now = problem.get().orElse(null);
      if (now == null) {
        return;
      }
      if (System.nanoTime() >= end) {
        throw new CommandFailure(
            limit.isZero() ? now : now + " (waited for " + limit.toSeconds() + " s)");
      }
      if (!now.equals(said)) {
        LOG.atWarn().setMessage("command waits").addKeyValue("problem", now).log();
        said = now;
      }
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("interrupted while waiting: " + now, e);
      }
    }
  }
}
