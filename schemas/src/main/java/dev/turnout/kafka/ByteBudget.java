package dev.turnout.kafka;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be held in memory for one purpose. Safe for use by several threads. */
public final class ByteBudget {

  private static final long LEAST = 32L << 20;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /**
   * @param most how many at a time
   */
  public ByteBudget(long most) {
    this.most = most;
  }

  /** An eighth of the heap, at least 32 MiB. */
  public static ByteBudget ofHeap() {
    return new ByteBudget(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8));
  }

  /** Takes so many bytes if there is room for them, or for whatever it is if nothing is held. */
  public boolean reserve(long bytes) {
    long before = held.get();
    while (before == 0 || before + bytes <= most) {
      if (held.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = held.get();
    }
    return false;
  }

  /** Gives back what was taken. */
  public void release(long bytes) {
    held.addAndGet(-bytes);
  }

  /** How many are held. */
  public long held() {
    return held.get();
  }

  /** How many may be. */
  public long most() {
    return most;
  }
}
