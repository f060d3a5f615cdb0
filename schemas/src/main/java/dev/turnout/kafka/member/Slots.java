package dev.turnout.kafka.member;

import dev.turnout.schema.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The records that a process may handle at the same time, shared by all who take some.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>No more slots are given than {@link #limit(int) the limit}; one that is lowered takes none
 *       away, it lets fewer be given.
 *   <li>A free slot goes to the interactive record that has waited longest, and to a batch record
 *       only if no interactive one waits here. So batch fills what interactive leaves.
 *   <li>Who takes records that others could handle, as a member of a share group does, asks before
 *       it polls ({@link #awaitPolling}). An interactive poll may bring what a slot is free for, or
 *       held by a batch record, so that it is the first to wait for the next; a batch poll, what a
 *       slot is idle for. A quarter of the slots may be waited for in hand, so that they are filled
 *       again at once; the others who could handle the records wait no longer than for a slot here.
 *       What polls that are under way bring all the same waits in hand, too.
 * </ul>
 *
 * <p>Safe for use by several threads; whoever is given a slot is told on the thread that freed it.
 */
public final class Slots {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Priority, Share> shares = new EnumMap<>(Priority.class);
  private final int ahead;
  private int limit;
  private boolean closed;

  /** What one priority has. */
  private static final class Share {
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private final Condition mayPoll;
    private int running;

    private Share(Condition mayPoll) {
      this.mayPoll = mayPoll;
    }
  }

  /** One record's claim to a slot, from the request until it is released. */
  public final class Ticket {
    private final Share share;
    private final Runnable granted;
    private boolean running;
    private boolean released;

    private Ticket(Share share, Runnable granted) {
      this.share = share;
      this.granted = granted;
    }

    /** Gives the slot back, or the request up; once counts. */
    public void release() {
      lock.lock();
      try {
        if (released) {
          return;
        }
        released = true;
        if (running) {
          share.running--;
        } else {
          share.waiting.remove(this);
        }
      } finally {
        lock.unlock();
      }
      dispatch();
    }
  }

  /**
   * @param most how many there are at first, at least 1
   */
  public Slots(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("slots is " + most + ", it must be at least 1");
    }
    this.limit = most;
    this.ahead = most / 4;
    for (Priority priority : Priority.values()) {
      shares.put(priority, new Share(lock.newCondition()));
    }
  }

  /**
   * Asks for a slot for a record in hand.
   *
   * @param granted run once, by whichever thread freed the slot, maybe at once; must be short
   */
  public Ticket request(Priority priority, Runnable granted) {
    Ticket ticket = new Ticket(share(priority), granted);
    lock.lock();
    try {
      ticket.share.waiting.add(ticket);
    } finally {
      lock.unlock();
    }
    dispatch();
    return ticket;
  }

  /**
   * Waits until it has sense to take records.
   *
   * @param records how many the poll may bring
   * @return false when the time has passed or the slots are closed
   */
  public boolean awaitPolling(Priority priority, int records, Duration patience)
      throws InterruptedException {
    Share share = share(priority);
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && !mayPoll(priority, records) && left > 0) {
        left = share.mayPoll.awaitNanos(left);
      }
      boolean may = !closed && mayPoll(priority, records);
      signal();
      return may;
    } finally {
      lock.unlock();
    }
  }

  /** Sets how many slots there are from now on, at least 1. */
  public void limit(int slots) {
    lock.lock();
    try {
      limit = Math.max(1, slots);
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /** How many slots there are. */
  public int limit() {
    lock.lock();
    try {
      return limit;
    } finally {
      lock.unlock();
    }
  }

  /** How many are given. */
  public int running() {
    lock.lock();
    try {
      return allRunning();
    } finally {
      lock.unlock();
    }
  }

  /** How many records of a priority are in hand and wait for a slot. */
  public int waiting(Priority priority) {
    lock.lock();
    try {
      return share(priority).waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody poll any more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      shares.values().forEach(share -> share.mayPoll.signalAll());
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    List<Ticket> given = new ArrayList<>();
    lock.lock();
    try {
      for (Priority priority : Priority.values()) {
        Share share = share(priority);
        var next = share.waiting.iterator();
        while (next.hasNext() && allRunning() < limit) {
          Ticket ticket = next.next();
          next.remove();
          ticket.running = true;
          share.running++;
          given.add(ticket);
        }
      }
      signal();
    } finally {
      lock.unlock();
    }
    given.forEach(ticket -> ticket.granted.run());
  }

  private boolean mayPoll(Priority priority, int records) {
    Share interactive = share(Priority.INTERACTIVE);
    int wanted = Math.min(records, limit);
    if (priority == Priority.INTERACTIVE) {
      return interactive.running + interactive.waiting.size() + wanted <= limit + ahead;
    }
    int waiting = interactive.waiting.size() + share(Priority.BATCH).waiting.size();
    int more = interactive.running > 0 ? 0 : ahead;
    return allRunning() + waiting + wanted <= limit + more;
  }

  /** Wakes one of each priority that may poll; it wakes the next. */
  private void signal() {
    shares.forEach(
        (priority, share) -> {
          if (mayPoll(priority, 1)) {
            share.mayPoll.signal();
          }
        });
  }

  private int allRunning() {
    return share(Priority.INTERACTIVE).running + share(Priority.BATCH).running;
  }

  private Share share(Priority priority) {
    Share share = shares.get(priority);
    if (share == null) {
      throw new IllegalStateException("no slots for " + priority);
    }
    return share;
  }
}
