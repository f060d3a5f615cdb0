package dev.turnout.ledger;

import dev.turnout.schema.BudgetEvent;
import dev.turnout.streams.ExpiringStore;
import dev.turnout.topic.OutcomeId;
import java.time.Duration;

/**
 * Which calls have been charged, so that an outcome that is reported again is not charged again.
 *
 * <p>What holds at all times: a call is charged once between two reservations for it. A reservation
 * means that the router decided anew, so that what is reported afterwards is another call, even if
 * a producer uses the same query id again. A report of a call that failed without a cost charges
 * nothing and is not remembered: one that succeeded all the same is charged. Remembered are the
 * latest calls, for an hour and up to {@value #MOST} of one task; a report that comes again later
 * than that is charged again.
 */
final class Settlements {
  static final String STORE = "budget-settlements";

  /** About 300 bytes each in memory. */
  private static final int MOST = 50_000;

  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final byte[] NOTHING = {};

  private final ExpiringStore charged;

  Settlements(ExpiringStore charged) {
    this.charged = charged;
  }

  /** The call was decided on anew. */
  void reserved(BudgetEvent event) {
    charged.remove(key(event));
  }

  /**
   * The call is charged; false if it was before.
   *
   * @param now epoch milliseconds of the arrival: what the worker's clock says does not matter
   */
  boolean charge(BudgetEvent event, long now) {
    String key = key(event);
    if (charged.get(key) != null) {
      return false;
    }
    charged.put(key, NOTHING, now);
    return true;
  }

  /** Forgets what is old, and what is too much. */
  void expire(long now) {
    charged.expire(now - REMEMBERED.toMillis(), MOST, (key, value) -> {});
  }

  private static String key(BudgetEvent event) {
    return OutcomeId.of(
            event.getTenant(),
            event.getQueryId(),
            event.getLlm(),
            Integer.toString(event.getAttempt()))
        .toString();
  }
}
