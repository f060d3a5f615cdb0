package dev.turnout.app.config;

import dev.turnout.offpolicy.GateSettings;
import dev.turnout.offpolicy.rollout.RollbackSettings;
import dev.turnout.offpolicy.rollout.StageSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The learner role; the words are those of {@link dev.turnout.learner.LearnerSettings}.
 *
 * @param heldOut share of the samples, the latest, on which a candidate is judged
 * @param warmStart whether a candidate goes on from the serving model or begins anew
 * @param propensityClip most that a sample of an unlikely choice counts in training
 * @param samples samples that are learnt from
 * @param halfLife samples after which a grade counts half
 */
public record LearnerConfig(
    String applicationId,
    Duration window,
    Duration patience,
    int capacity,
    double gradesPerSecond,
    double gradeBurst,
    Optional<String> stateDir,
    boolean coldStart,
    int cells,
    int cellsAfter,
    int afterGrades,
    Duration after,
    double heldOut,
    boolean warmStart,
    double propensityClip,
    Duration trainingLimit,
    int samples,
    Duration publishEvery,
    double halfLife,
    GateSettings gate,
    StageSettings stages,
    RollbackSettings rollback,
    long seed) {

  private static final String SHADOW = "shadow";

  static LearnerConfig from(ConfigValues values) {
    return new LearnerConfig(
        values
            .optional("learner.application-id")
            .orElseGet(() -> values.text("topics.prefix") + "-learner"),
        values.duration("learner.window"),
        values.duration("learner.patience"),
        values.whole("learner.capacity"),
        values.number("learner.grades-per-second"),
        values.number("learner.grade-burst"),
        values.optional("learner.state-dir"),
        values.flag("learner.cold-start"),
        values.whole("learner.cells"),
        values.whole("learner.cells-after"),
        values.whole("learner.train-after-grades"),
        values.duration("learner.train-after"),
        values.number("learner.held-out"),
        values.flag("learner.warm-start"),
        values.number("learner.propensity-clip"),
        values.duration("learner.training-limit"),
        values.whole("learner.samples"),
        values.duration("learner.publish-every"),
        values.number("learner.half-life"),
        new GateSettings(
            values.number("learner.gate-margin"),
            values.number("learner.gate-confidence"),
            values.whole("learner.gate-samples"),
            values.number("learner.gate-effective-samples")),
        new StageSettings(
            shares(values.list("learner.stages")), values.whole("learner.stage-grades")),
        rollback(values),
        values.whole("learner.seed"));
  }

  private static RollbackSettings rollback(ConfigValues values) {
    int fewest = values.whole("learner.rollback-fewest");
    int watch = values.whole("learner.rollback-watch");
    if (watch < fewest) {
      values.report(
          "learner.rollback-watch",
          "is " + watch + ", less than learner.rollback-fewest, which is " + fewest);
    }
    return new RollbackSettings(
        values.flag("learner.rollback"),
        values.number("learner.rollback-margin"),
        values.number("learner.rollback-confidence"),
        fewest,
        Math.max(fewest, watch));
  }

  /** Whether a text names stages, e.g. {@code shadow, 0.1, 1}. */
  static boolean areStages(String text) {
    try {
      return !new StageSettings(shares(List.of(text.split(",", -1))), 1).shares().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Double> shares(List<String> words) {
    List<Double> shares = new ArrayList<>();
    for (String word : words) {
      shares.add(word.strip().equals(SHADOW) ? 0 : Double.parseDouble(word.strip()));
    }
    return shares;
  }
}
