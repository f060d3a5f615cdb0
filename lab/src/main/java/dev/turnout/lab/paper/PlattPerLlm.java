package dev.turnout.lab.paper;

import dev.turnout.model.Calibration;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.train.TrainingSet;
import dev.turnout.train.success.OutOfFold;
import dev.turnout.train.success.SuccessCalibration;
import java.util.Arrays;

/**
 * Calibrates a finished model on queries that it was not trained on, each LLM by itself. For
 * recipes whose scores say which LLM is better for a query but not how good it is.
 */
final class PlattPerLlm {
  private PlattPerLlm() {}

  /**
   * Replaces the model's calibration.
   *
   * @param heldOut queries that the model was not trained on
   * @param overall mean success of each LLM
   */
  static RouterModel calibrate(RouterModel model, TrainingSet heldOut, double[] overall) {
    RouterScorer scorer = new RouterScorer(model);
    int llms = model.llms().size();
    double[][] cosines = new double[heldOut.size()][];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = scorer.score(heldOut.embeddings()[i]).cosine();
    }
    double[] weights = new double[heldOut.size()];
    Arrays.fill(weights, 1);
    double[] slope = new double[llms];
    double[] intercept = new double[llms];
    for (int t = 0; t < llms; t++) {
      double[][] score = new double[heldOut.size()][1];
      float[][] reward = new float[heldOut.size()][1];
      for (int i = 0; i < score.length; i++) {
        score[i][0] = cosines[i][t];
        reward[i][0] = heldOut.rewards()[i][t];
      }
      SuccessCalibration fitted =
          SuccessCalibration.fit(new OutOfFold(score, new double[heldOut.size()]), reward, weights);
      slope[t] = fitted.slope();
      intercept[t] = fitted.intercept();
    }
    return model.withCalibration(
        new Calibration(slope, intercept, new double[llms], overall, null));
  }
}
