package dev.turnout.kafka;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Closes a body whose turn failed and opens another for the next turn. */
final class ReopenedBody implements LoopBody {
  private final Supplier<? extends LoopBody> opening;
  private volatile @Nullable LoopBody body;
  private volatile boolean closing;

  ReopenedBody(Supplier<? extends LoopBody> opening) {
    this.opening = opening;
  }

  @Override
  public void turn() throws Exception {
    LoopBody open = body;
    if (open == null) {
      open = opening.get();
      body = open;
      if (closing) {
        open.wakeUp();
      }
    }
    try {
      open.turn();
    } catch (Throwable failure) {
      body = null;
      try {
        open.close();
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  @Override
  public void wakeUp() {
    closing = true;
    LoopBody open = body;
    if (open != null) {
      open.wakeUp();
    }
  }

  @Override
  public boolean unfinished() {
    LoopBody open = body;
    return open != null && open.unfinished();
  }

  @Override
  public void close() {
    LoopBody open = body;
    if (open != null) {
      open.close();
    }
  }
}
