package dev.turnout.train.feedback;

import dev.turnout.model.Calibration;
import dev.turnout.model.CellBank;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Sphere;
import dev.turnout.train.ModelAssembly;
import dev.turnout.train.success.SuccessWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a training begins that goes on from a model: its cells, and what it says of every LLM,
 * which new grades correct.
 *
 * @param features the model's
 * @param weights its success over phi, in logits by four
 */
record WarmStart(QueryFeatures features, SuccessWeights weights) {

  /** The model as a start; null if it has no hard cells or its success is not linear in phi. */
  static @Nullable WarmStart of(RouterModel model, List<String> llms) {
    Sphere sphere = model.sphere();
    List<CellBank> banks = model.features().banks();
    if (sphere == null
        || banks.isEmpty()
        || banks.stream().anyMatch(bank -> bank.membership() != Membership.HARD)) {
      return null;
    }
    return new WarmStart(
        model.features(), weights(model, sphere.queryRadius() * sphere.llmRadius(), llms));
  }

  private static SuccessWeights weights(RouterModel model, double scale, List<String> llms) {
    SuccessWeights known = ModelAssembly.weights(model);
    Calibration calibration = model.calibration();
    double[] slope = calibration.slope();
    double[] ease = calibration.ease();
    double[] intercept = calibration.intercept();
    int size = model.features().size();
    double[] mean = new double[size];
    double[][] logits = new double[slope.length][size];
    for (int t = 0; t < slope.length; t++) {
      for (int j = 0; j < size; j++) {
        logits[t][j] =
            (slope[t] * known.llms()[t][j] + ease[t] * known.easiness()[j]) / (4 * scale);
      }
      logits[t][size - 1] += intercept[t] / 4;
      for (int j = 0; j < size; j++) {
        mean[j] += logits[t][j] / slope.length;
      }
    }
    double[][] advantages = new double[llms.size()][size];
    for (int a = 0; a < advantages.length; a++) {
      int t = model.llms().indexOf(llms.get(a));
      for (int j = 0; t >= 0 && j < size; j++) {
        advantages[a][j] = logits[t][j] - mean[j];
      }
    }
    return new SuccessWeights(advantages, mean);
  }
}
