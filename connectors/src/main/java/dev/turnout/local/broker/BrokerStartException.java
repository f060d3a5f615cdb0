package dev.turnout.local.broker;

import org.jspecify.annotations.Nullable;

/** The embedded broker did not come up; the message names the port or directory and the remedy. */
public final class BrokerStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
