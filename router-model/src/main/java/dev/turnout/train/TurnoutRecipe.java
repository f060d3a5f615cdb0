package dev.turnout.train;

import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.math.Folds;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.model.CellBank;
import dev.turnout.model.FeatureWriter;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.SuccessPromise;
import dev.turnout.model.cost.CostHead;
import dev.turnout.train.cost.CostTraining;
import dev.turnout.train.difficulty.HeadFit;
import dev.turnout.train.guard.GuardFit;
import dev.turnout.train.success.MaskedGrades;
import dev.turnout.train.success.OutOfFold;
import dev.turnout.train.success.PromiseFit;
import dev.turnout.train.success.SoftmaxTemperature;
import dev.turnout.train.success.SuccessCalibration;
import dev.turnout.train.success.SuccessRegression;
import dev.turnout.train.success.SuccessWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The default recipe. A single grade is a noisy label, so grades are pooled: every LLM's advantage
 * over the query's easiness is averaged per cell of several clusterings, and a strong ridge
 * regression on the centred query vector adds what the cells leave. Calibration and temperature are
 * fitted on out-of-fold predictions, the guard on held-out queries.
 */
final class TurnoutRecipe implements Recipe {
  /** Grades by which a retrained cell is shrunk towards what the serving model says of it. */
  private static final double RETRAIN_SMOOTHING = 20;

  private final TrainingOptions options;

  TurnoutRecipe(TrainingOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "turnout";
  }

  @Override
  public RouterModel train(TrainingSet data, EncoderId encoder, long seed, Progress progress) {
    SplittableRandom random = new SplittableRandom(seed);
    QueryFeatures features = features(data, random, progress);
    return fit(data, encoder, features, null, seed, random, progress);
  }

  @Override
  public RouterModel retrain(RouterModel serving, TrainingSet data, long seed, Progress progress) {
    List<String> llms = new ArrayList<>(serving.llms());
    data.llms().stream().filter(llm -> !llms.contains(llm)).forEach(llms::add);
    TrainingOptions cautious =
        options.toBuilder().smoothing(Math.max(options.smoothing(), RETRAIN_SMOOTHING)).build();
    return new TurnoutRecipe(cautious)
        .fit(
            data.withLlms(llms),
            serving.encoder(),
            serving.features(),
            serving,
            seed,
            new SplittableRandom(seed),
            progress);
  }

  private QueryFeatures features(TrainingSet data, SplittableRandom random, Progress progress) {
    Matrix mean = Matrix.of(new float[][] {TrainingVectors.mean(data)});
    QueryFeatures centred = new QueryFeatures(mean, true, List.of());
    List<CellBank> banks = new ArrayList<>();
    if (options.cells() > 0) {
      float[][] x = TrainingVectors.centred(centred, data.embeddings());
      for (int b = 0; b < options.banks(); b++) {
        progress.report("cells", (double) b / options.banks());
        banks.add(
            new CellBank(
                Membership.HARD,
                Matrix.of(
                    KMeans.fit(
                            x,
                            data.weights(),
                            options.cells(),
                            KMeans.USUAL_ITERATIONS,
                            StartDraw.proportional(random.split()),
                            () -> {})
                        .centroids()),
                1,
                1.0 / options.banks()));
      }
      progress.report("cells", 1);
    }
    return new QueryFeatures(mean, true, banks);
  }

  private RouterModel fit(
      TrainingSet data,
      EncoderId encoder,
      QueryFeatures features,
      @Nullable RouterModel serving,
      long seed,
      SplittableRandom random,
      Progress progress) {
    double[] weights = new double[data.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = data.weights()[i];
    }
    float[][] phi = new FeatureWriter(features).writeAll(data.embeddings());
    progress.report("regression", 0);
    SuccessWeights prior = serving == null ? null : prior(serving, data.llms().size());
    MaskedGrades grades =
        new MaskedGrades(data.rewards(), weights, prior == null ? null : prior.advantages(phi));
    SuccessRegression regression = new SuccessRegression(features, options);
    SuccessWeights success = regression.fit(phi, grades, prior, weights);
    progress.report("regression", 1);
    Folds folds = Folds.stratified(data.group(), options.folds(), random);
    OutOfFold held =
        OutOfFold.predict(
            phi,
            weights,
            folds.of(),
            options.folds(),
            w -> regression.fit(phi, grades, prior, w),
            progress);
    SuccessCalibration calibration = SuccessCalibration.fit(held, data.rewards(), weights);
    double temperature =
        Double.isNaN(options.temperature())
            ? SoftmaxTemperature.fit(held.advantages(), data.rewards(), weights)
            : options.temperature();
    progress.report("guard", 0);
    Guard guard =
        GuardFit.fit(
            TrainingVectors.centred(features, data.embeddings()),
            data.texts(),
            data.group(),
            options.guardQuantile(),
            random,
            StopSignal.never());
    progress.report("guard", 1);
    RouterModel ranking =
        ModelAssembly.assemble(
            name(),
            encoder,
            data.llms(),
            features,
            success,
            calibration,
            temperature,
            overall(grades, serving),
            guard,
            null,
            report(data, serving, seed, calibration.expectedError(held, data.rewards())));
    return withHead(
        ranking.withCosts(costs(ranking, data, serving)),
        calibration.success(held),
        data,
        weights,
        folds.of(),
        held,
        progress);
  }

  /** The model with its head, if texts are known, and with a promise of what it predicts. */
  private RouterModel withHead(
      RouterModel ranking,
      double[][] heldOut,
      TrainingSet data,
      double[] weights,
      int[] fold,
      OutOfFold held,
      Progress progress) {
    List<QuerySurface> surfaces = data.surfaces();
    HeadFit.Fitted fitted = null;
    if (surfaces != null) {
      progress.report("success head", 0);
      fitted = new HeadFit(surfaces, data.rewards(), weights, fold).fit(ranking, held);
      progress.report("success head", 1);
    }
    // a promise is of the predictions that decide
    double[][] predicted = fitted == null ? heldOut : fitted.heldOut();
    SuccessPromise promise = PromiseFit.fit(predicted, data.rewards(), weights);
    return ModelAssembly.named(
        name(),
        ranking
            .withHead(fitted == null ? null : fitted.head())
            .withCalibration(ranking.calibration().withPromise(promise)));
  }

  /** What the data says of costs, and the serving model of LLMs that it says nothing of. */
  private static @Nullable CostHead costs(
      RouterModel ranking, TrainingSet data, @Nullable RouterModel serving) {
    CostHead known = serving == null ? null : serving.costsOf(data.llms());
    CostHead recorded = CostTraining.recorded(ranking, data);
    return recorded == null ? known : recorded.or(known);
  }

  private Map<String, String> report(
      TrainingSet data, @Nullable RouterModel serving, long seed, double calibrationError) {
    Map<String, String> report = new TreeMap<>();
    report.put("recipe", name());
    report.put("seed", Long.toString(seed));
    if (serving != null) {
      report.put("parent", serving.version());
    }
    report.put("queries", Integer.toString(data.size()));
    report.put("options", options.toString());
    report.put("expected_calibration_error", String.format(Locale.ROOT, "%.4f", calibrationError));
    return report;
  }

  /** The serving model's weights; LLMs that it does not know start at the mean of the others. */
  private static SuccessWeights prior(RouterModel serving, int llms) {
    SuccessWeights known = ModelAssembly.weights(serving);
    double[][] weights = new double[llms][serving.features().size()];
    System.arraycopy(known.llms(), 0, weights, 0, known.llms().length);
    return new SuccessWeights(weights, known.easiness());
  }

  /** Overall success from the new grades, or from the serving model for an LLM without any. */
  private static double[] overall(MaskedGrades grades, @Nullable RouterModel serving) {
    double[] overall = grades.overall();
    if (serving != null) {
      double[] known = serving.calibration().overall();
      for (int t = 0; t < known.length; t++) {
        overall[t] = grades.isGraded(t) ? overall[t] : known[t];
      }
    }
    return overall;
  }
}
