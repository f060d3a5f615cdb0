package dev.turnout.app.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The learner role; the words are those of {@link dev.turnout.learner.LearnerSettings}.
 *
 * @param heldOut share of the samples, the latest, on which a candidate is judged
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
    long seed) {

  static LearnerConfig from(ConfigValues values) {
    return new LearnerConfig(
        values.text("learner.application-id"),
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
        values.whole("learner.seed"));
  }
}
