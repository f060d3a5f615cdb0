package dev.turnout.worker;

import dev.turnout.kafka.LoopBody;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group that joins when it is of use and leaves when it is not, beside one that is
 * always there. A group that is full keeps it out, which is no failure: the others go on.
 */
final class SpareMember implements LoopBody {

  private static final Logger LOG = LoggerFactory.getLogger(SpareMember.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration FULL = Duration.ofSeconds(30);

  private final String name;
  private final BooleanSupplier needed;
  private final Supplier<LoopBody> opening;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable LoopBody open;
  private boolean toldFull;

  /**
   * @param needed whether it is of use at the moment
   * @param opening makes the member; what it makes is closed when it is of no use, or failed
   */
  SpareMember(String name, BooleanSupplier needed, Supplier<LoopBody> opening) {
    this.name = name;
    this.needed = needed;
    this.opening = opening;
  }

  @Override
  public void turn() throws Exception {
    LoopBody member = open;
    if (member == null) {
      if (!needed.getAsBoolean()) {
        pause(PAUSE);
        return;
      }
      member = opening.get();
      open = member;
      if (closing.getCount() == 0) {
        member.wakeUp();
      }
    } else if (!needed.getAsBoolean() && !member.unfinished()) {
      open = null;
      member.close();
      return;
    }
    try {
      member.turn();
    } catch (GroupMaxSizeReachedException full) {
      leave(member, full);
      tellFull(full);
      pause(FULL);
    } catch (Throwable failure) {
      leave(member, failure);
      throw failure;
    }
  }

  private void leave(LoopBody member, Throwable failure) {
    open = null;
    try {
      member.close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  private void tellFull(GroupMaxSizeReachedException full) {
    if (!toldFull) {
      toldFull = true;
      LOG.atWarn()
          .setMessage(
              "the group is full, so that this worker has fewer requests in flight than it may;"
                  + " raise group.share.max.size of the brokers (200 unless set, at most 1000)")
          .addKeyValue("member", name)
          .addKeyValue("error", full.getMessage())
          .log();
    }
  }

  private void pause(Duration time) throws InterruptedException {
    boolean unusedClosing = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void wakeUp() {
    closing.countDown();
    LoopBody member = open;
    if (member != null) {
      member.wakeUp();
    }
  }

  @Override
  public boolean unfinished() {
    LoopBody member = open;
    return member != null && member.unfinished();
  }

  @Override
  public void close() {
    LoopBody member = open;
    if (member != null) {
      member.close();
    }
  }
}
