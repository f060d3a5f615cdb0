package dev.turnout.gateway.traffic;

/**
 * The gateway has as much under way as it may have: the same may be taken a moment later, here or
 * by another gateway. Nothing was published.
 */
public final class TrafficLimitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is full, its limit and the remedy
   */
  public TrafficLimitException(String message) {
    // without a stack trace: it may come with every request
    super(message, null, false, false);
  }
}
