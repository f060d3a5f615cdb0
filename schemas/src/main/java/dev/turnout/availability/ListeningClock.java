package dev.turnout.availability;

import java.util.function.LongSupplier;

/**
 * How long a reader has listened, in nanoseconds: a process that was suspended, or did not run for
 * want of a processor, heard nobody meanwhile, and that is nobody's silence. So of the time between
 * two looks at it no more counts than a second; a reader looks at it after every poll, several
 * times a second.
 *
 * <p>Confined to one thread.
 */
public final class ListeningClock implements LongSupplier {
  private static final long MOST_NANOS = 1_000_000_000L;

  private final LongSupplier nanos;
  private long last;
  private long listened;

  /** By the clock of this machine that only goes forward. */
  public ListeningClock() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock that only goes forward
   */
  public ListeningClock(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  @Override
  public long getAsLong() {
    long now = nanos.getAsLong();
    listened += Math.min(now - last, MOST_NANOS);
    last = now;
    return listened;
  }
}
