package dev.turnout.registry;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The registry answered: it does not know the id, subject or schema. Asking again will not help; a
 * record that carries such an id can never be read.
 */
public final class UnknownSchemaException extends SerializationException {

  private static final long serialVersionUID = 1L;

  /** With the id or subject, the registry's URL and the remedy in the message. */
  public UnknownSchemaException(String message) {
    super(message);
  }
}
