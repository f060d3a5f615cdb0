package dev.turnout.lab.paper;

import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.math.Folds;
import dev.turnout.model.Calibration;
import dev.turnout.model.Matrix;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.train.TrainingOptions;
import dev.turnout.train.TrainingSet;
import dev.turnout.train.cost.CostTraining;
import dev.turnout.train.guard.GuardFit;
import dev.turnout.train.success.MaskedGrades;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Makes a router model of what RouterDC's losses have learnt. */
final class PaperModel {
  static final String NAME = "paper";
  private static final int KEPT_BACK_OF = 10;

  private PaperModel() {}

  /**
   * Which queries teach and which are kept back to calibrate the predicted success.
   *
   * @param trained indices of nine in ten queries
   * @param heldOut indices of the others
   */
  record Partition(int[] trained, int[] heldOut) {
    static Partition draw(int size, SplittableRandom random) {
      int[] order = Folds.shuffled(size, random);
      int kept = size / KEPT_BACK_OF;
      return new Partition(
          Arrays.copyOfRange(order, kept, order.length), Arrays.copyOf(order, kept));
    }
  }

  /**
   * Assembles and calibrates.
   *
   * @param data all queries, as vectors of {@code encoder}
   * @param x their features
   * @param projection {@code [. x dimension]}
   * @param llms LLM embeddings in the projected space
   * @param lineage further lines of the report
   */
  static RouterModel assemble(
      TrainingSet data,
      EncoderId encoder,
      QueryFeatures features,
      float[][] x,
      float[][] projection,
      float[][] llms,
      Partition split,
      TrainingOptions options,
      SplittableRandom random,
      Map<String, String> lineage) {
    Map<String, String> report = new TreeMap<>(lineage);
    report.put("recipe", NAME);
    report.put("queries", Integer.toString(data.size()));
    report.put("options", options.toString());
    RouterModel raw =
        new RouterModel(
            NAME,
            encoder,
            data.llms(),
            features,
            withoutConstant(projection),
            Matrix.of(llms),
            null,
            PaperObjective.temperature(options),
            Calibration.shared(llms.length, 1, 0),
            GuardFit.fit(
                x, data.texts(), data.group(), options.guardQuantile(), random, StopSignal.never()),
            report);
    TrainingSet judged = split.heldOut.length > 0 ? data.subset(split.heldOut) : data;
    RouterModel calibrated = PlattPerLlm.calibrate(raw, judged, overall(data));
    RouterModel costed = calibrated.withCosts(CostTraining.recorded(calibrated, data));
    return costed.withVersion(NAME + "-" + costed.digest().substring(0, 8));
  }

  /** The learnt projection sees x alone: a zero column for the constant feature. */
  private static Matrix withoutConstant(float[][] projection) {
    return Matrix.of(
        Arrays.stream(projection)
            .map(row -> Arrays.copyOf(row, row.length + 1))
            .toArray(float[][]::new));
  }

  private static double[] overall(TrainingSet data) {
    double[] weights = new double[data.size()];
    Arrays.fill(weights, 1);
    return new MaskedGrades(data.rewards(), weights, null).overall();
  }
}
