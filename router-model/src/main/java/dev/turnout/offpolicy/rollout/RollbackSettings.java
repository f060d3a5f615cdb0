package dev.turnout.offpolicy.rollout;

/**
 * When the live reward of a model takes it back.
 *
 * @param watchesPromoted whether a promoted model is watched against the one it replaced; a model
 *     on trial always is
 * @param margin drop of the mean reward that is put up with, >= 0
 * @param confidence probability that a model which is not worse than the margin is never taken
 *     back, over its whole watch, e.g. 0.95
 * @param fewest graded queries on either side before anything is decided
 * @param watched graded queries after which a promoted model is no longer watched; its forerunner
 *     is compared by as many of its latest
 */
public record RollbackSettings(
    boolean watchesPromoted, double margin, double confidence, int fewest, int watched) {
  public RollbackSettings {
    if (!(margin >= 0 && margin < 1)) {
      throw new IllegalArgumentException(
          "the drop that is put up with must be in 0..1, but was " + margin);
    }
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException(
          "roll-back confidence must be between 0.5 and 1, but was " + confidence);
    }
    if (fewest < 2 || watched < fewest) {
      throw new IllegalArgumentException(
          "a roll-back needs at least 2 graded queries and a watch no shorter, but fewest was "
              + fewest
              + " and watched "
              + watched);
    }
  }

  public static RollbackSettings defaults() {
    return new RollbackSettings(true, 0.02, 0.95, 50, 1_000);
  }
}
