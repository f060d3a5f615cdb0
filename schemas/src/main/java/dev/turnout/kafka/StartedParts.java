package dev.turnout.kafka;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been opened so far of something that consists of several parts: if one cannot be opened,
 * those before it are closed, the latest first, so that a failed start leaves no thread and no
 * connection behind. Not safe for use by several threads.
 */
public final class StartedParts {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Takes a part that was opened, and gives it back. */
  public <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Closes all parts since the start has failed.
   *
   * @param failure gets what fails meanwhile as suppressed
   */
  public void giveUp(Throwable failure) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception second) {
        if (second instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        failure.addSuppressed(second);
      }
    }
  }
}
