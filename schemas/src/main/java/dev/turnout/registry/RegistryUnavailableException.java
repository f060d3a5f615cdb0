package dev.turnout.registry;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** No registry gave an answer, after all retries at all URLs. The record is not to blame. */
public final class RegistryUnavailableException extends RetriableException {

  private static final long serialVersionUID = 1L;

  /** With the URLs tried and the last failure in the message. */
  public RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
