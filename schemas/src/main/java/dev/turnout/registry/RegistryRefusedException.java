package dev.turnout.registry;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answered no: credentials, rights, an incompatible or invalid schema, or a URL behind
 * which there is no Schema Registry. A person has to change something.
 */
public final class RegistryRefusedException extends KafkaException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final int errorCode;

  /**
   * With the URL, the request and the remedy in the message.
   *
   * @param status HTTP status
   * @param errorCode the registry's own code, e.g. 40901; the status again when it gave none
   */
  public RegistryRefusedException(String message, int status, int errorCode) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The registry's own error code; the HTTP status when it gave none. */
  public int errorCode() {
    return errorCode;
  }
}
