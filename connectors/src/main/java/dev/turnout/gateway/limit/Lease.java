package dev.turnout.gateway.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's place within the limits of its key and tenant, until it is closed. Safe for use by
 * several threads.
 */
public final class Lease implements AutoCloseable {
  private final List<Share> shares;
  private final LongSupplier clock;
  private long taken;
  private long estimate;
  private boolean settled = true;
  private boolean closed;

  /** A place in one allowance, under the limits that held at the entry. */
  record Share(CallAllowance allowance, TrafficLimits limits) {}

  private Lease(List<Share> shares, LongSupplier clock) {
    this.shares = List.copyOf(shares);
    this.clock = clock;
  }

  /** Enters all of them or none. */
  static Admission enter(List<Share> shares, LongSupplier clock) {
    long now = clock.getAsLong();
    List<Share> entered = new ArrayList<>();
    for (Share share : shares) {
      Exceeded exceeded = share.allowance().enter(share.limits(), now);
      if (exceeded != null) {
        entered.forEach(each -> each.allowance().undo(now, clock.getAsLong()));
        return new Admission.Refused(exceeded);
      }
      entered.add(share);
    }
    return new Admission.Granted(new Lease(shares, clock));
  }

  /**
   * Takes tokens, once; of all limits or of none.
   *
   * @param tokens of prompt and answer together, estimated
   * @return why not; null if they were taken
   */
  public synchronized @Nullable Exceeded takeTokens(long tokens) {
    if (!settled || estimate > 0) {
      return null;
    }
    long now = clock.getAsLong();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      Exceeded exceeded = share.allowance().takeTokens(share.limits(), tokens, now);
      if (exceeded != null) {
        shares
            .subList(0, i)
            .forEach(
                each ->
                    each.allowance()
                        .settleTokens(each.limits(), tokens, 0, now, clock.getAsLong()));
        return exceeded;
      }
    }
    taken = now;
    estimate = tokens;
    settled = false;
    return null;
  }

  /**
   * Says how many tokens were used, once: prompt and answer together, 0 if no LLM was asked.
   * Without it the estimate stays.
   */
  public synchronized void settle(long used) {
    if (settled) {
      return;
    }
    settled = true;
    long now = clock.getAsLong();
    shares.forEach(
        share ->
            share
                .allowance()
                .settleTokens(share.limits(), estimate, Math.max(0, used), taken, now));
  }

  /** What is left now of the limits. */
  public Remaining remaining() {
    long now = clock.getAsLong();
    Remaining all = new Remaining(null, null);
    for (Share share : shares) {
      all = all.and(share.allowance().remaining(share.limits(), now));
    }
    return all;
  }

  /** Ends the request; more than once does no harm. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      shares.forEach(share -> share.allowance().leave());
    }
  }
}
