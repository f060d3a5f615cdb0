package dev.turnout.train.feedback;

import dev.turnout.belief.GradedSample;
import dev.turnout.belief.LearningSettings;
import dev.turnout.belief.PosteriorLearner;
import dev.turnout.belief.Posteriors;
import dev.turnout.belief.StopSignal;
import dev.turnout.encoder.EncoderId;
import dev.turnout.math.KMeans;
import dev.turnout.math.StartDraw;
import dev.turnout.math.VectorKey;
import dev.turnout.math.Vectors;
import dev.turnout.model.CellBank;
import dev.turnout.model.FeatureWriter;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.train.ModelAssembly;
import dev.turnout.train.success.SuccessCalibration;
import dev.turnout.train.success.SuccessWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains a router model where every query has been graded for one LLM only. The cells come from the
 * queries alone, each distinct one counted once, so that a question asked often gets no more cells
 * than one asked once; each LLM's success per cell is pooled from single grades by the same mixed
 * model as the fast path ({@link PosteriorLearner}), so that trust in graders and changes of LLMs
 * count here too. The result is an ordinary model: projection, one embedding per LLM, cosines.
 *
 * <p>Deterministic: equal samples, settings and seeds give equal models.
 */
public final class FeedbackTraining {
  private static final double TEMPERATURE = 0.05;

  /**
   * Clusterings that are averaged, by their share of the cells: one alone is arbitrary at its
   * borders, and what few grades cannot tell apart in fine cells they can in coarse ones.
   */
  private static final double[] COARSENESS = {1, 2 / 3.0, 1 / 2.0, 5 / 12.0};

  private final EncoderId encoder;
  private final List<String> llms;
  private final int cells;
  private final LearningSettings settings;
  private final double propensityClip;
  private final boolean guarded;

  /**
   * @param encoder the encoder of all samples
   * @param llms the LLMs the model shall know
   * @param cells number of cells of the finest clustering, >= 1
   */
  public FeedbackTraining(
      EncoderId encoder, List<String> llms, int cells, LearningSettings settings) {
    this(encoder, llms, cells, settings, PropensityWeights.USUAL_CLIP);
  }

  /**
   * @param propensityClip most that a sample of an unlikely choice counts in training, >= 1; 1
   *     counts all alike
   */
  public FeedbackTraining(
      EncoderId encoder,
      List<String> llms,
      int cells,
      LearningSettings settings,
      double propensityClip) {
    this(encoder, llms, cells, settings, propensityClip, true);
  }

  private FeedbackTraining(
      EncoderId encoder,
      List<String> llms,
      int cells,
      LearningSettings settings,
      double propensityClip,
      boolean guarded) {
    this.propensityClip = propensityClip;
    this.encoder = encoder;
    this.llms = List.copyOf(llms);
    this.cells = cells;
    this.settings = settings;
    this.guarded = guarded;
  }

  /** The same without guards: they take a third of the time, and no choice hangs on them. */
  public FeedbackTraining withoutGuards() {
    return new FeedbackTraining(encoder, llms, cells, settings, propensityClip, false);
  }

  /** A model that knows nothing: no cells, every LLM alike. A first model to explore with. */
  public RouterModel cold() {
    Matrix origin = Matrix.of(new float[][] {new float[encoder.dimension()]});
    QueryFeatures none = new QueryFeatures(origin, false, List.of());
    return assemble(none, ignorant(none), unknown(), null, Map.of("recipe", "cold"));
  }

  /**
   * Whether a model without graded knowledge of its own is due for (new) cells: cells found in few
   * queries are crude, so they are found anew whenever the samples have doubled. A model that was
   * trained on grades keeps its cells until the gate lets another one serve.
   *
   * @param model the serving model
   * @param samples samples there are
   * @param first samples from which on a model gets cells
   */
  public static boolean dueForCells(RouterModel model, int samples, int first) {
    String recipe = model.report().get("recipe");
    if (!"cold".equals(recipe) && !"cells".equals(recipe)) {
      return false;
    }
    int before = Integer.parseInt(model.report().getOrDefault("queries", "0"));
    return samples >= Math.max(first, 2 * before);
  }

  /**
   * A model with cells but no grades: every LLM alike, so that the fast path alone decides and
   * learns cell by cell.
   *
   * @param embeddings queries, graded or not, at least one
   */
  public RouterModel ungraded(List<float[]> embeddings, long seed) {
    Map<String, String> report = new TreeMap<>();
    report.put("recipe", "cells");
    report.put("queries", Integer.toString(embeddings.size()));
    report.put("seed", Long.toString(seed));
    StopSignal stop = StopSignal.never();
    QueryFeatures features = features(embeddings, seed, stop);
    return assemble(
        features, ignorant(features), unknown(), guard(features, embeddings, seed, stop), report);
  }

  /**
   * A model of graded samples, begun anew.
   *
   * @param samples oldest first, at least one
   */
  public RouterModel train(List<GradedSample> samples, long seed) {
    return train(samples, seed, null, null, StopSignal.never());
  }

  /**
   * A model of graded samples that goes on from another one: its cells stay, so that they keep
   * their meaning, and what it says of every LLM is what the grades correct, shrunk to it as the
   * fast path shrinks. An LLM that no sample grades keeps its place.
   *
   * @param samples oldest first, at least one
   * @param from the model to go on from; null, or one without hard cells, begins anew
   * @param serving the model that serves, whose success head a new one begins with; null for none
   * @param stop ends the training with a {@link java.util.concurrent.CancellationException}
   */
  public RouterModel train(
      List<GradedSample> samples,
      long seed,
      @Nullable RouterModel from,
      @Nullable RouterModel serving,
      StopSignal stop) {
    List<float[]> embeddings = samples.stream().map(GradedSample::embedding).toList();
    WarmStart start = from == null ? null : WarmStart.of(from, llms);
    QueryFeatures features = start == null ? features(embeddings, seed, stop) : start.features();
    SuccessWeights prior = start == null ? ignorant(features) : start.weights();
    Guard guard = from == null ? null : FeedbackGuard.textual(from.guard());
    if (guard == null || start == null) {
      guard = guard(features, embeddings, seed, stop);
    }
    RouterModel structure = assemble(features, prior, unknown(), guard, Map.of());
    List<GradedSample> weighted = PropensityWeights.of(samples, propensityClip);
    Posteriors learnt = new PosteriorLearner(structure, llms, settings, stop).learn(weighted);
    SuccessWeights success = FeedbackHead.corrected(structure, prior, learnt);
    Map<String, String> report = new TreeMap<>();
    report.put("recipe", "feedback");
    report.put("samples", Integer.toString(samples.size()));
    report.put("first_query", samples.get(0).queryId());
    report.put("last_query", samples.get(samples.size() - 1).queryId());
    report.put("seed", Long.toString(seed));
    report.put("start", from == null || start == null ? "anew" : from.version());
    RouterModel cellsAlone =
        FeedbackCosts.onto(
            assemble(features, success, overall(features, success), guard, report),
            samples,
            settings.halfLife(),
            start == null ? null : from);
    return new FeedbackHead(llms, settings, stop)
        .onto(cellsAlone, structure, prior, weighted, learnt.trust(), serving);
  }

  private SuccessWeights ignorant(QueryFeatures features) {
    return new SuccessWeights(
        new double[llms.size()][features.size()], new double[features.size()]);
  }

  /** Each distinct vector once, in the order of its first appearance. */
  private static List<float[]> distinct(List<float[]> embeddings) {
    Set<VectorKey> seen = new HashSet<>();
    return embeddings.stream().filter(each -> seen.add(new VectorKey(each))).toList();
  }

  private QueryFeatures features(List<float[]> embeddings, long seed, StopSignal stop) {
    List<float[]> distinct = distinct(embeddings);
    Matrix centre = Matrix.of(new float[][] {Vectors.narrowed(Vectors.mean(distinct))});
    float[][] x = vectors(new QueryFeatures(centre, true, List.of()), distinct);
    float[] weights = new float[x.length];
    Arrays.fill(weights, 1);
    List<CellBank> banks = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (double share : COARSENESS) {
      int size = Math.max(Math.min(2, cells), (int) Math.round(share * cells));
      float[][] centroids =
          KMeans.fit(
                  x,
                  weights,
                  size,
                  KMeans.USUAL_ITERATIONS,
                  StartDraw.proportional(random.split()),
                  stop::check)
              .centroids();
      banks.add(new CellBank(Membership.HARD, Matrix.of(centroids), 1, 1.0 / COARSENESS.length));
    }
    return new QueryFeatures(centre, true, banks);
  }

  private @Nullable Guard guard(
      QueryFeatures features, List<float[]> embeddings, long seed, StopSignal stop) {
    if (!guarded) {
      return null;
    }
    QueryFeatures plain = new QueryFeatures(features.mean(), features.normalise(), List.of());
    return FeedbackGuard.fit(vectors(plain, embeddings), seed, stop);
  }

  private static float[][] vectors(QueryFeatures features, List<float[]> embeddings) {
    float[][] phi = new FeatureWriter(features).writeAll(embeddings.toArray(float[][]::new));
    return Arrays.stream(phi)
        .map(row -> Arrays.copyOf(row, features.dimension()))
        .toArray(float[][]::new);
  }

  private RouterModel assemble(
      QueryFeatures features,
      SuccessWeights success,
      double[] overall,
      @Nullable Guard guard,
      Map<String, String> report) {
    // near 0.5 the sigmoid of four times a success beyond 0.5 is that success
    SuccessCalibration calibration = new SuccessCalibration(4, 4, 0);
    return ModelAssembly.assemble(
        report.getOrDefault("recipe", "cells"),
        encoder,
        llms,
        features,
        success,
        calibration,
        TEMPERATURE,
        overall,
        guard,
        null,
        report);
  }

  private double[] unknown() {
    double[] unknown = new double[llms.size()];
    Arrays.fill(unknown, Double.NaN);
    return unknown;
  }

  /** Success of every LLM where all cells are equally frequent. */
  private static double[] overall(QueryFeatures features, SuccessWeights success) {
    double[][] weights = success.llms();
    double[] easiness = success.easiness();
    double[] overall = new double[weights.length];
    int from = features.dimension();
    int constant = features.size() - 1;
    for (int a = 0; a < overall.length; a++) {
      double sum = 0;
      for (int j = from; j < constant; j++) {
        sum += weights[a][j] + easiness[j];
      }
      overall[a] =
          0.5 + sum / Math.max(1, constant - from) + weights[a][constant] + easiness[constant];
    }
    return overall;
  }
}
