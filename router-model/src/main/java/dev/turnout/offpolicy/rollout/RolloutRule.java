package dev.turnout.offpolicy.rollout;

import dev.turnout.offpolicy.Estimate;
import java.util.Locale;

/**
 * Moves a model up its stages, or back, by what it earned so far. A pure function: the same
 * evidence gives the same step, however often one asks.
 */
public final class RolloutRule {
  /** Multiple of a stage's grades after which a model that has not convinced leaves. */
  private static final int GRADES_TO_CONVINCE = 5;

  private final StageSettings stages;
  private final RollbackSettings rollback;

  public RolloutRule(StageSettings stages, RollbackSettings rollback) {
    this.stages = stages;
    this.rollback = rollback;
  }

  /**
   * Whether a model on trial stays, rises or leaves. It leaves when it is surely worse than the
   * margin; it rises once the stage has its grades and the estimate is not below the margin.
   *
   * @param share share of the queries of its stage; 0 is shadow
   * @param difference what it earns more than the serving model since the stage began
   * @param graded graded queries that say so
   */
  public RolloutStep onTrial(double share, Estimate difference, int graded) {
    String evidence = evidence(difference, graded);
    if (graded >= rollback.fewest() && difference.upper() < -rollback.margin()) {
      return new RolloutStep.RollBack("worse on trial at " + percent(share) + ": " + evidence);
    }
    if (graded < stages.grades()) {
      return new RolloutStep.Stay(
          graded + " of the stage's " + stages.grades() + " graded queries");
    }
    if (difference.value() < -rollback.margin()) {
      return graded < GRADES_TO_CONVINCE * stages.grades()
          ? new RolloutStep.Stay("looks worse, but not surely: " + evidence)
          : new RolloutStep.RollBack(
              "did not convince on trial at " + percent(share) + ": " + evidence);
    }
    return new RolloutStep.Advance(
        stages.after(share), "held its own on trial at " + percent(share) + ": " + evidence);
  }

  /**
   * Whether a promoted model stays.
   *
   * @param difference what it earns more than the model it replaced
   * @param graded graded queries that it decided
   */
  public RolloutStep inCharge(Estimate difference, int graded) {
    String evidence = evidence(difference, graded);
    if (graded >= rollback.fewest() && difference.upper() < -rollback.margin()) {
      return new RolloutStep.RollBack("earns less than the model it replaced: " + evidence);
    }
    return graded >= rollback.watched()
        ? new RolloutStep.Settled("no drop within its watch: " + evidence)
        : new RolloutStep.Stay(graded + " of " + rollback.watched() + " graded queries watched");
  }

  private String evidence(Estimate difference, int graded) {
    return String.format(
        Locale.ROOT,
        "difference %+.4f [%+.4f, %+.4f] at %.0f %% confidence after %d graded queries",
        difference.value(),
        difference.lower(),
        difference.upper(),
        100 * rollback.confidence(),
        graded);
  }

  private static String percent(double share) {
    return share == 0 ? "shadow" : String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }
}
