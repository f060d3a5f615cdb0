package dev.turnout.control;

import dev.turnout.kafka.LoopState;
import java.time.Duration;

/** What one followed topic says, for readers that never wait; subclasses say what can be asked. */
public abstract class TopicView implements AutoCloseable {
  private final TopicFollower follower;

  /**
   * Views a topic.
   *
   * @param follower closed with this view
   */
  protected TopicView(TopicFollower follower) {
    this.follower = follower;
  }

  /** Waits until the records that existed at the start are read; false when time ran out. */
  public final boolean awaitCaughtUp(Duration deadline) throws InterruptedException {
    return follower.awaitCaughtUp(deadline);
  }

  /** How the follower's loop is doing. */
  public final LoopState state() {
    return follower.state();
  }

  @Override
  public final void close() {
    follower.close();
  }
}
