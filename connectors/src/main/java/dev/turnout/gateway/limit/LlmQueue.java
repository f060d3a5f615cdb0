package dev.turnout.gateway.limit;

import dev.turnout.backlog.LlmBacklog;
import dev.turnout.schema.Priority;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long a new request would wait for one LLM, from what waits before it and how many its workers
 * do. Not thread-safe.
 *
 * <p>The pace is that of the time since the queue became one, for a minute at most: before that the
 * workers had less to do than they could. As long as they have done hardly any, all that is known
 * is that the next takes at least as long as they have taken by now.
 */
final class LlmQueue {
  /** So few are in the workers' hands. */
  static final long FEW = 32;

  static final long WINDOW_MILLIS = 60_000;

  /** Fewer are no pace. */
  static final long FEWEST_DONE = 8;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private LlmBacklog last;

  private record Sample(long atMillis, long done) {}

  LlmQueue(LlmBacklog first, long nowMillis) {
    this.last = first;
    add(first, nowMillis);
  }

  /** What was measured. */
  void add(LlmBacklog backlog, long nowMillis) {
    boolean sameWorkers = backlog.group().equals(last.group()) && backlog.done() >= last.done();
    if (backlog.sum() <= FEW || last.sum() <= FEW || !sameWorkers) {
      samples.clear();
    }
    samples.addLast(new Sample(nowMillis, backlog.done()));
    // one that is older than the window stays, so that there is a whole window to look at
    while (samples.size() > 2 && second().atMillis <= nowMillis - WINDOW_MILLIS) {
      samples.removeFirst();
    }
    last = backlog;
  }

  private Sample second() {
    var each = samples.iterator();
    each.next();
    return each.next();
  }

  /** What waits before a new request, and how long. */
  QueueWait estimate(Priority priority) {
    long waiting = last.before(priority);
    if (waiting <= FEW) {
      return new QueueWait(waiting, 0);
    }
    Sample latest = samples.getLast();
    long elapsed = latest.atMillis - samples.getFirst().atMillis;
    long done = latest.done - samples.getFirst().done;
    return new QueueWait(waiting, done < FEWEST_DONE ? elapsed : waiting * elapsed / done);
  }
}
