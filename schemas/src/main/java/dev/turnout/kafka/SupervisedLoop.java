package dev.turnout.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs a {@link LoopBody} again and again on a thread of its own until it is closed.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Nothing that a turn throws ends the loop, an {@link Error} neither: it is logged, the loop
 *       waits out the back-off and takes the next turn. A loop that ended in silence would look
 *       like one that has nothing to do; whether to go on is for whoever reads the {@linkplain
 *       #state state} to decide, and an error that lasts shows there.
 *   <li>A failure is logged when it is the first or says something else than the one before, so an
 *       outage of an hour is two lines, not thousands; so is the recovery.
 *   <li>The state has one writer, the loop's own thread. It is an immutable value behind one
 *       volatile reference, so a probe never waits and never sees half a state.
 *   <li>{@link #close} takes effect wherever the loop is: the latch ends a back-off at once, {@link
 *       LoopBody#wakeUp} ends a poll, an interrupt at the deadline ends any other wait. The body is
 *       closed on the loop's thread, since Kafka's consumers belong to one thread, and exactly
 *       once.
 * </ul>
 */
public final class SupervisedLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoop.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(3);

  private final String name;
  private final LoopBody body;
  private final Pacing pacing;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile LoopState state;

  /** Waits between a failure and the next turn. */
  @FunctionalInterface
  public interface Pause {
    /** Waits so long, or until the loop closes. */
    void await(Duration backOff, CountDownLatch closing) throws InterruptedException;
  }

  /**
   * The times of a loop.
   *
   * @param backOff pause after a failed turn
   * @param closeWithin how long {@link SupervisedLoop#close} waits before it interrupts
   * @param clock tells the times of the state
   * @param pause how to wait
   */
  public record Pacing(Duration backOff, Duration closeWithin, Clock clock, Pause pause) {

    /** One second of back-off, five to close. */
    public static Pacing standard() {
      return new Pacing(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Clock.systemUTC(),
          (backOff, closing) -> {
            boolean unusedClosed = closing.await(backOff.toNanos(), TimeUnit.NANOSECONDS);
          });
    }

    /** The same with another time to close. */
    public Pacing closingWithin(Duration other) {
      return new Pacing(backOff, other, clock, pause);
    }
  }

  /** Not yet started; until it is, the body may be used by the caller's thread. */
  public SupervisedLoop(String name, LoopBody body, Pacing pacing) {
    this.name = name;
    this.body = body;
    this.pacing = pacing;
    this.state = new LoopState(name, false, pacing.clock().instant(), null, null);
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Starts a loop with {@linkplain Pacing#standard standard} times. */
  public static SupervisedLoop start(String name, LoopBody body) {
    return start(name, body, Pacing.standard());
  }

  /**
   * Starts a loop.
   *
   * @param name of the loop and its thread, for logs and probes
   */
  public static SupervisedLoop start(String name, LoopBody body, Pacing pacing) {
    return new SupervisedLoop(name, body, pacing).start();
  }

  /** Starts the loop; once. */
  public SupervisedLoop start() {
    thread.start();
    return this;
  }

  /** How the loop is doing; may be asked by any thread. */
  public LoopState state() {
    LoopState now = state;
    return new LoopState(
        name, thread.isAlive(), now.progressAt(), now.failingSince(), now.lastError());
  }

  private void run() {
    try {
      while (closing.getCount() > 0 || body.unfinished()) {
        try {
          body.turn();
          progressed();
        } catch (Throwable failure) {
          if (closing.getCount() == 0) {
            ended(failure);
            return;
          }
          failed(failure);
          pacing.pause().await(pacing.backOff(), closing);
        }
      }
    } catch (InterruptedException e) {
      LOG.atDebug().setMessage("loop interrupted in its back-off").addKeyValue("loop", name).log();
    } finally {
      closeBody();
    }
  }

  private void progressed() {
    if (state.failingSince() != null) {
      LOG.atInfo()
          .setMessage("loop has recovered")
          .addKeyValue("loop", name)
          .addKeyValue("failedSince", state.failingSince())
          .log();
    }
    state = new LoopState(name, true, pacing.clock().instant(), null, state.lastError());
  }

  private void failed(Throwable failure) {
    if (isInterrupt(failure)) {
      // Kafka sets the flag again, which would fail every later turn
      boolean unusedFlag = Thread.interrupted();
    }
    LoopState before = state;
    Instant since = before.failingSince();
    String error = AccessFailure.describe(failure);
    boolean known = since != null && error.equals(before.lastError());
    state =
        new LoopState(
            name,
            true,
            before.progressAt(),
            since == null ? pacing.clock().instant() : since,
            error);
    LOG.atLevel(known ? Level.DEBUG : failure instanceof KafkaException ? Level.WARN : Level.ERROR)
        .setMessage("loop failed and goes on")
        .addKeyValue("loop", name)
        .addKeyValue("backOff", pacing.backOff())
        .setCause(failure)
        .log();
  }

  /** The turn that was under way when the loop was closed has failed, mostly as it was meant to. */
  private void ended(Throwable failure) {
    boolean meant = failure instanceof WakeupException || isInterrupt(failure);
    LOG.atLevel(meant ? Level.DEBUG : Level.WARN)
        .setMessage("loop ends in a failed turn")
        .addKeyValue("loop", name)
        .setCause(failure)
        .log();
  }

  private static boolean isInterrupt(Throwable failure) {
    return failure instanceof InterruptException || failure instanceof InterruptedException;
  }

  private void closeBody() {
    // a consumer that closes under an interrupt leaves its group without saying so
    boolean unusedFlag = Thread.interrupted();
    try {
      body.close();
    } catch (RuntimeException e) {
      LOG.atWarn().setMessage("closing failed").addKeyValue("loop", name).setCause(e).log();
    }
  }

  /** Asks the loop to end; does not wait, so that several can end at the same time. */
  public void stop() {
    closing.countDown();
    body.wakeUp();
  }

  /** Ends the loop and waits for its end; a loop that was never started only closes its body. */
  @Override
  public void close() {
    stop();
    if (thread.getState() == Thread.State.NEW) {
      closeBody();
      return;
    }
    try {
      thread.join(pacing.closeWithin().toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(AFTER_INTERRUPT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.atWarn().setMessage("loop does not end").addKeyValue("loop", name).log();
    }
  }
}
