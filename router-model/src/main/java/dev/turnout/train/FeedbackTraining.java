package dev.turnout.train;

import dev.turnout.encoder.EncoderId;
import dev.turnout.feedback.GradedSample;
import dev.turnout.feedback.LearningSettings;
import dev.turnout.feedback.PosteriorLearner;
import dev.turnout.feedback.Posteriors;
import dev.turnout.model.CellBank;
import dev.turnout.model.FeatureWriter;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

  /** Clusterings that are averaged: one alone is arbitrary at its borders. */
  private static final int BANKS = 4;

  private static final int FEWEST_FOR_A_GUARD = 200;

  private final EncoderId encoder;
  private final List<String> llms;
  private final int cells;
  private final LearningSettings settings;

  /**
   * @param encoder the encoder of all samples
   * @param llms the LLMs the model shall know
   * @param cells number of cells of every clustering, >= 1
   */
  public FeedbackTraining(
      EncoderId encoder, List<String> llms, int cells, LearningSettings settings) {
    this.encoder = encoder;
    this.llms = List.copyOf(llms);
    this.cells = cells;
    this.settings = settings;
  }

  /** A model that knows nothing: no cells, every LLM alike. A first model to explore with. */
  public RouterModel cold() {
    Matrix origin = Matrix.of(new float[][] {new float[encoder.dimension()]});
    return assemble(
        new QueryFeatures(origin, false, List.of()), null, null, Map.of("recipe", "cold"));
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
    return assemble(features(embeddings, seed), null, guard(embeddings, seed), report);
  }

  /**
   * A model of graded samples.
   *
   * @param samples oldest first, at least one
   */
  public RouterModel train(List<GradedSample> samples, long seed) {
    List<float[]> embeddings = samples.stream().map(GradedSample::embedding).toList();
    QueryFeatures features = features(embeddings, seed);
    Guard guard = guard(embeddings, seed);
    RouterModel structure = assemble(features, null, guard, Map.of());
    Posteriors learnt = new PosteriorLearner(structure, llms, settings).learn(samples);
    Map<String, String> report = new TreeMap<>();
    report.put("recipe", "feedback");
    report.put("samples", Integer.toString(samples.size()));
    report.put("first_query", samples.get(0).queryId());
    report.put("last_query", samples.get(samples.size() - 1).queryId());
    report.put("seed", Long.toString(seed));
    return assemble(features, learnt, guard, report);
  }

  private QueryFeatures features(List<float[]> embeddings, long seed) {
    List<float[]> distinct =
        embeddings.stream()
            .collect(Collectors.toMap(FloatBuffer::wrap, e -> e, (a, b) -> a, LinkedHashMap::new))
            .values()
            .stream()
            .toList();
    Matrix centre = Matrix.of(new float[][] {mean(distinct)});
    float[][] x = vectors(new QueryFeatures(centre, true, List.of()), distinct);
    float[] weights = new float[x.length];
    Arrays.fill(weights, 1);
    List<CellBank> banks = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int b = 0; b < BANKS; b++) {
      float[][] centroids = KMeans.centroids(x, weights, cells, random.split());
      banks.add(new CellBank(Membership.HARD, Matrix.of(centroids), 1, 1.0 / BANKS));
    }
    return new QueryFeatures(centre, true, banks);
  }

  private @Nullable Guard guard(List<float[]> embeddings, long seed) {
    if (embeddings.size() < FEWEST_FOR_A_GUARD) {
      return null;
    }
    QueryFeatures plain =
        new QueryFeatures(Matrix.of(new float[][] {mean(embeddings)}), true, List.of());
    return GuardFit.fit(vectors(plain, embeddings), 0.975, new SplittableRandom(seed));
  }

  private static float[] mean(List<float[]> embeddings) {
    double[] sum = new double[embeddings.get(0).length];
    for (float[] embedding : embeddings) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += embedding[j];
      }
    }
    float[] mean = new float[sum.length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = (float) (sum[j] / embeddings.size());
    }
    return mean;
  }

  private static float[][] vectors(QueryFeatures features, List<float[]> embeddings) {
    float[][] phi = new FeatureWriter(features).writeAll(embeddings.toArray(float[][]::new));
    return Arrays.stream(phi)
        .map(row -> Arrays.copyOf(row, features.dimension()))
        .toArray(float[][]::new);
  }

  private RouterModel assemble(
      QueryFeatures features,
      @Nullable Posteriors learnt,
      @Nullable Guard guard,
      Map<String, String> report) {
    double[][] weights = new double[llms.size()][features.size()];
    double[] easiness = new double[features.size()];
    double[] overall = new double[llms.size()];
    Arrays.fill(overall, learnt == null ? Double.NaN : 0.5);
    if (learnt != null) {
      int offset = features.dimension();
      for (int c = 0; c < learnt.cells(); c++) {
        double level = Arrays.stream(learnt.correction()[c]).average().orElse(0);
        easiness[offset + c] = level;
        for (int a = 0; a < weights.length; a++) {
          weights[a][offset + c] = learnt.correction()[c][a] - level;
          overall[a] += learnt.correction()[c][a] / learnt.cells();
        }
      }
    }
    // near 0.5 the sigmoid of four times a success beyond 0.5 is that success
    SuccessCalibration calibration = new SuccessCalibration(4, 4, 0);
    List<String> known = new ArrayList<>(llms);
    return ModelAssembly.assemble(
        report.getOrDefault("recipe", "cells"),
        encoder,
        known,
        features,
        new SuccessWeights(weights, easiness),
        calibration,
        TEMPERATURE,
        overall,
        guard,
        report);
  }
}
