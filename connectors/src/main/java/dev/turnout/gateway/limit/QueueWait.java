package dev.turnout.gateway.limit;

/**
 * What waits before a new request.
 *
 * @param waiting how many
 * @param millis how long, at the present pace; {@link #UNENDING} if nothing moves
 */
public record QueueWait(long waiting, long millis) {
  /** Nothing moves at all. */
  public static final long UNENDING = Long.MAX_VALUE;

  /** Nothing waits, or nothing is known. */
  public static final QueueWait NONE = new QueueWait(0, 0);

  QueueWait longer(QueueWait other) {
    return other.millis > millis ? other : this;
  }
}
