package dev.turnout.lab.simulation;

import dev.turnout.belief.LearningSettings;
import dev.turnout.offpolicy.GateSettings;
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
 * @param warmStart whether a candidate goes on from the serving model or begins anew
 * @param propensityClip most that a sample of an unlikely choice counts in training
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
    int learnEvery,
    boolean warmStart,
    double propensityClip) {
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
        10,
        false,
        2);
  }

  /** These settings with another way of training. */
  public SimulationSettings withTraining(boolean warm, double clip) {
    return new SimulationSettings(
        learning,
        gate,
        cells,
        floor,
        temper,
        window,
        cellsAfter,
        retrainAfter,
        heldOut,
        learnEvery,
        warm,
        clip);
  }
}
