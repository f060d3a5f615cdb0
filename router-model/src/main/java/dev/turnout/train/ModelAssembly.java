package dev.turnout.train;

import dev.turnout.encoder.EncoderId;
import dev.turnout.math.Vectors;
import dev.turnout.model.Calibration;
import dev.turnout.model.CellBank;
import dev.turnout.model.Guard;
import dev.turnout.model.Matrix;
import dev.turnout.model.Membership;
import dev.turnout.model.QueryFeatures;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Sphere;
import dev.turnout.model.SuccessPromise;
import dev.turnout.train.success.SuccessCalibration;
import dev.turnout.train.success.SuccessWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Expresses linear success weights as a projection, one embedding per LLM and cosine scores,
 * exactly (see {@link Sphere}). The projected space is spanned by the directions of x along which
 * the known LLMs differ, the directions between the cells' centres, the memberships and a constant,
 * so that an LLM that comes later finds room in it.
 */
public final class ModelAssembly {
  private static final double NEGLIGIBLE = 1e-6;

  private ModelAssembly() {}

  public static RouterModel assemble(
      String recipe,
      EncoderId encoder,
      List<String> llms,
      QueryFeatures features,
      SuccessWeights weights,
      SuccessCalibration calibration,
      double temperature,
      double[] overall,
      @Nullable Guard guard,
      @Nullable SuccessPromise promise,
      Map<String, String> report) {
    int dimension = features.dimension();
    List<double[]> basis = basis(features, weights);
    int size = features.size();
    int projected = basis.size() + size - dimension;
    float[][] projection = new float[projected][size];
    for (int b = 0; b < basis.size(); b++) {
      projection[b] = Arrays.copyOf(Vectors.narrowed(basis.get(b)), size);
    }
    for (int j = dimension; j < size; j++) {
      projection[basis.size() + j - dimension][j] = 1;
    }
    float[][] embeddings = new float[llms.size()][];
    double longest = NEGLIGIBLE;
    for (int t = 0; t < embeddings.length; t++) {
      embeddings[t] = expressed(weights.llms()[t], basis, dimension);
      longest = Math.max(longest, Vectors.length(embeddings[t]));
    }
    double queryRadius = queryRadius(features);
    double scale = queryRadius * longest;
    double[] slope = new double[llms.size()];
    double[] intercept = new double[llms.size()];
    double[] ease = new double[llms.size()];
    Arrays.fill(slope, calibration.slope() * scale);
    Arrays.fill(intercept, calibration.intercept());
    Arrays.fill(ease, calibration.ease() * scale);
    RouterModel unnamed =
        new RouterModel(
            recipe,
            encoder,
            llms,
            features,
            Matrix.of(projection),
            Matrix.of(embeddings),
            new Sphere(queryRadius, longest),
            temperature / scale,
            new Calibration(
                slope,
                intercept,
                ease,
                overall,
                Matrix.of(new float[][] {expressed(weights.easiness(), basis, dimension)}),
                promise),
            guard,
            report);
    return named(recipe, unnamed);
  }

  /** The model under a name that tells its recipe and what it is. */
  public static RouterModel named(String recipe, RouterModel model) {
    RouterModel unnamed = model.withVersion(recipe);
    return unnamed.withVersion(recipe + "-" + unnamed.digest().substring(0, 8));
  }

  /** The linear weights that a model assembled here expresses, over phi. */
  public static SuccessWeights weights(RouterModel model) {
    Matrix projection = model.projection();
    Matrix easiness = model.calibration().easiness();
    double[][] llms = new double[model.llms().size()][];
    for (int t = 0; t < llms.length; t++) {
      llms[t] = overFeatures(model.llmEmbeddings().row(t), projection);
    }
    return new SuccessWeights(
        llms,
        easiness == null
            ? new double[model.features().size()]
            : overFeatures(easiness.row(0), projection));
  }

  private static double[] overFeatures(float[] embedding, @Nullable Matrix projection) {
    if (projection == null) {
      return Vectors.widened(embedding);
    }
    double[] weights = new double[projection.columns()];
    for (int p = 0; p < embedding.length; p++) {
      for (int j = 0; j < weights.length; j++) {
        weights[j] += (double) embedding[p] * projection.at(p, j);
      }
    }
    return weights;
  }

  private static List<double[]> basis(QueryFeatures features, SuccessWeights weights) {
    List<double[]> basis = new ArrayList<>();
    for (double[] llm : weights.llms()) {
      extend(basis, Arrays.copyOf(llm, features.dimension()));
    }
    extend(basis, Arrays.copyOf(weights.easiness(), features.dimension()));
    for (CellBank bank : features.banks()) {
      for (float[] centroid : bank.centroids().toRows()) {
        extend(basis, Vectors.widened(centroid));
      }
    }
    return basis;
  }

  /** Adds what is new of a direction, scaled to length 1; one already spanned is left out. */
  private static void extend(List<double[]> basis, double[] direction) {
    double before = Vectors.length(direction);
    double left = Vectors.orthogonalise(direction, basis);
    if (left > NEGLIGIBLE * Math.max(before, NEGLIGIBLE) && basis.size() < direction.length) {
      Vectors.divide(direction, left);
      basis.add(direction);
    }
  }

  private static float[] expressed(double[] weights, List<double[]> basis, int dimension) {
    float[] embedding = new float[basis.size() + weights.length - dimension];
    for (int b = 0; b < basis.size(); b++) {
      embedding[b] = (float) Vectors.dot(basis.get(b), weights);
    }
    for (int j = dimension; j < weights.length; j++) {
      embedding[basis.size() + j - dimension] = (float) weights[j];
    }
    return embedding;
  }

  private static double queryRadius(QueryFeatures features) {
    // A centred vector that is not normalised is at most twice a unit vector long.
    double squared = (features.normalise() ? 1 : 4) + 1;
    for (CellBank bank : features.banks()) {
      int members = bank.membership() == Membership.KERNEL ? bank.cells() : 1;
      squared += members * bank.weight() * bank.weight();
    }
    return Math.sqrt(squared);
  }
}
