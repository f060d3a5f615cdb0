package dev.turnout.offpolicy.rollout;

/** What happens next to a model under watch. */
public sealed interface RolloutStep {

  /** Why, in words. */
  String reason();

  /** Nothing yet: the watch goes on. */
  record Stay(String reason) implements RolloutStep {}

  /**
   * Up to the next stage.
   *
   * @param share share of the queries it serves there; 1 is in charge
   */
  record Advance(double share, String reason) implements RolloutStep {}

  /** Back to the model it was to replace. */
  record RollBack(String reason) implements RolloutStep {}

  /** The watch is over: the model stays. */
  record Settled(String reason) implements RolloutStep {}
}
