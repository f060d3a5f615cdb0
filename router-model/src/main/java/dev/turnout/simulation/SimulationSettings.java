package dev.turnout.simulation;

import dev.turnout.feedback.LearningSettings;
import dev.turnout.ope.GateSettings;
import java.util.List;

/**
 * How the loop runs.
 *
 * @param learning the learner's settings
 * @param gate the gate's settings
 * @param cells cells of every model
 * @param floor even exploration, 0..1
 * @param temper factor on the uncertainty in Thompson sampling
 * @param window samples the learner keeps
 * @param cellsAfter samples after which the cold model gets cells; they are renewed as samples
 *     double
 * @param retrainAfter grades after which a candidate is trained, increasing
 * @param heldOut share of the samples, the latest, on which candidates are judged
 * @param learnEvery grades between two updates of the posteriors
 */
public record SimulationSettings(
    LearningSettings learning,
    GateSettings gate,
    int cells,
    double floor,
    double temper,
    int window,
    int cellsAfter,
    List<Integer> retrainAfter,
    double heldOut,
    int learnEvery) {
  public SimulationSettings {
    retrainAfter = List.copyOf(retrainAfter);
  }

  /** The defaults of the product. */
  public static SimulationSettings defaults() {
    return new SimulationSettings(
        LearningSettings.defaults(),
        GateSettings.defaults(),
        12,
        0.03,
        1,
        20_000,
        250,
        List.of(1000, 2000, 4000, 6000, 8000),
        0.25,
        10);
  }
}
