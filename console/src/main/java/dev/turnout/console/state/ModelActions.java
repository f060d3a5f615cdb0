package dev.turnout.console.state;

import dev.turnout.config.ConnectionSettings;
import dev.turnout.control.model.ModelPublisher;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes which model serves, by the publisher that the commands use, one action after the other.
 * Every call returns after the broker has acknowledged.
 */
public interface ModelActions {

  /**
   * Puts a version in charge.
   *
   * @param replaced version that a roll-back returns to; null for none
   */
  void promote(String version, @Nullable String replaced, String reason)
      throws InterruptedException;

  /** Returns to a version, or ends a trial in favour of the one that serves. */
  void rollBack(String version, String reason) throws InterruptedException;

  /**
   * Puts a version on trial.
   *
   * @param share of the queries, 0 is shadow
   */
  void stage(String version, double share, String reason) throws InterruptedException;

  /** On the models topic; a publisher is opened for each action, since there are few. */
  static ModelActions onKafka(ConnectionSettings connection) {
    Supplier<ModelPublisher> opening =
        () -> ModelPublisher.open(connection.topics().models(), connection.clients());
    return new ModelActions() {
      @Override
      public void promote(String version, @Nullable String replaced, String reason)
          throws InterruptedException {
        try (ModelPublisher publisher = opening.get()) {
          publisher.promote(version, replaced, reason, Map.of());
        }
      }

      @Override
      public void rollBack(String version, String reason) throws InterruptedException {
        try (ModelPublisher publisher = opening.get()) {
          publisher.rollBack(version, reason);
        }
      }

      @Override
      public void stage(String version, double share, String reason) throws InterruptedException {
        try (ModelPublisher publisher = opening.get()) {
          publisher.stage(version, share, reason, Map.of());
        }
      }
    };
  }
}
