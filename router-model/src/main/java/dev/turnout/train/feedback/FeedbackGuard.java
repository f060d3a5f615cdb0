package dev.turnout.train.feedback;

import dev.turnout.belief.StopSignal;
import dev.turnout.model.Guard;
import dev.turnout.model.guard.Familiarity;
import dev.turnout.train.guard.GuardFit;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The guard of a model that is trained on samples, which carry vectors and no texts. */
final class FeedbackGuard {
  private static final int FEWEST_QUERIES = 200;

  /** Share of queries in distribution that it lets pass. */
  private static final double QUANTILE = 0.975;

  private FeedbackGuard() {}

  /**
   * A new one.
   *
   * @param x centred queries
   * @return null of so few that there is nothing to tell
   */
  static @Nullable Guard fit(float[][] x, long seed, StopSignal stop) {
    return x.length < FEWEST_QUERIES
        ? null
        : GuardFit.fit(x, null, new int[x.length], QUANTILE, new SplittableRandom(seed), stop);
  }

  /** A guard that knows texts, so that it can only be kept; null if it knows none. */
  static @Nullable Guard textual(@Nullable Guard guard) {
    Familiarity familiarity = guard == null ? null : guard.familiarity();
    return familiarity == null || familiarity.text() == null ? null : guard;
  }
}
