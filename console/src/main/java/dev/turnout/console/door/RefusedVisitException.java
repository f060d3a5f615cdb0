package dev.turnout.console.door;

/** A request that is not answered as it was meant; its message is for the visitor. */
public final class RefusedVisitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of HTTP
   * @param message in whole sentences
   */
  public RefusedVisitException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Status of HTTP to answer. */
  public int status() {
    return status;
  }
}
