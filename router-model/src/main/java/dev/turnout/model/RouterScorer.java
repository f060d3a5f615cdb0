package dev.turnout.model;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.math.Logistic;
import dev.turnout.math.Vectors;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.model.guard.FamiliarityReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores queries with one model. Holds its scratch space, so it is confined to one thread: every
 * stream thread makes its own from the shared model. Work per query is constant; the only
 * allocation is the result.
 */
public final class RouterScorer {
  private final RouterModel model;
  private final boolean folded;
  private final FeatureWriter features;
  private final float @Nullable [][] projection;
  private final float[][] llmColumns;
  private final double[] llmLengths;
  private final double[] slope;
  private final double[] intercept;
  private final double[] ease;
  private final float @Nullable [] easiness;
  private final double easinessLength;
  private final int guardRank;
  private final float[] along;
  private final @Nullable FamiliarityReader reader;
  private final double threshold;
  private final float[] phi;
  private final float[] projected;
  private final float[] scores;
  private final @Nullable DifficultyAxes difficulty;
  private final float[][] headColumns;
  private final float[] axes;
  private final float[] loaded;

  public RouterScorer(RouterModel model) {
    this.model = model;
    // With a sphere the length of z does not matter, so K·(P·phi) is (K·P)·phi: a row an LLM.
    this.folded = model.sphere() != null && model.projection() != null;
    Matrix matrix = folded ? folded(model) : model.projection();
    this.projection = matrix == null ? null : matrix.transposed();
    Guard guard = model.guard();
    List<Matrix> linear = new ArrayList<>();
    if (guard != null) {
      linear.add(guard.subspace());
    }
    if (matrix != null) {
      linear.add(matrix.leadingColumns(model.features().dimension()));
    }
    this.features = new FeatureWriter(model.features(), linear);
    this.guardRank = guard == null ? 0 : guard.subspace().rows();
    this.along = new float[guardRank];
    this.reader =
        guard == null || guard.familiarity() == null
            ? null
            : new FamiliarityReader(guard.familiarity());
    this.llmColumns = model.llmEmbeddings().transposed();
    int llms = model.llms().size();
    this.llmLengths = new double[llms];
    for (int t = 0; t < llms; t++) {
      llmLengths[t] = Math.max(Vectors.length(model.llmEmbeddings().row(t)), 1e-12);
    }
    Calibration calibration = model.calibration();
    this.slope = calibration.slope();
    this.intercept = calibration.intercept();
    this.ease = calibration.ease();
    Matrix direction = calibration.easiness();
    this.easiness = direction == null ? null : direction.row(0);
    this.easinessLength =
        this.easiness == null ? 1 : Math.max(Vectors.length(this.easiness), 1e-12);
    this.threshold = guard == null ? Double.POSITIVE_INFINITY : guard.threshold();
    this.phi = new float[model.features().size()];
    this.projected = matrix == null ? phi : new float[matrix.rows()];
    this.scores = new float[llms];
    SuccessHead head = model.head();
    this.difficulty = head == null ? null : new DifficultyAxes(head);
    this.headColumns = head == null ? new float[0][] : head.llms().transposed();
    this.axes = new float[head == null ? 0 : head.axes()];
    this.loaded = new float[llms];
  }

  /** The model that scores. */
  public RouterModel model() {
    return model;
  }

  /** Scores a query whose text is not at hand. */
  public Scores score(float[] embedding) {
    return score(embedding, null, null);
  }

  /**
   * Scores one query.
   *
   * @param embedding {@code float[encoder dimension]}, as the model's encoder gives it
   * @param text by which the guard tells more than foreign subjects; null when unknown
   * @param surface of its text, from which the model's success head, if it has one, tells how
   *     difficult the query is unless the guard flags it: what marks a text as easy among the
   *     training queries misleads elsewhere; null when the vector is all there is
   * @return fresh arrays, aligned with {@code model().llms()}
   */
  public Scores score(float[] embedding, @Nullable String text, @Nullable QuerySurface surface) {
    int cell = project(embedding);
    List<String> llms = model.llms();
    if (folded) {
      System.arraycopy(projected, 0, scores, 0, scores.length);
    } else {
      Arrays.fill(scores, 0);
      Projection.accumulate(projected, llmColumns, scores);
    }
    Sphere sphere = model.sphere();
    double queryLength =
        sphere == null ? Math.max(Vectors.length(projected), 1e-12) : sphere.queryRadius();
    double easy = 0;
    if (easiness != null) {
      double product = folded ? projected[scores.length] : Vectors.dot(projected, easiness);
      easy = product / (queryLength * (sphere == null ? easinessLength : sphere.llmRadius()));
    }
    double[] cosine = new double[llms.size()];
    double[] success = new double[llms.size()];
    for (int t = 0; t < cosine.length; t++) {
      double llmLength = sphere == null ? llmLengths[t] : sphere.llmRadius();
      cosine[t] = Math.max(-1, Math.min(1, scores[t] / (queryLength * llmLength)));
      success[t] = Logistic.sigmoid(slope[t] * cosine[t] + ease[t] * easy + intercept[t]);
    }
    double distance = distance(text);
    boolean strange = distance > threshold;
    if (difficulty != null && surface != null && !strange) {
      readHead(difficulty, surface, cosine, easy, success);
    }
    int[] cells = features.cells();
    CostHead costs = model.costs();
    double characters = surface == null ? Double.NaN : surface.characters();
    return new Scores(
        cosine,
        Logistic.softmax(cosine, model.temperature()),
        success,
        cell,
        cells,
        expected(costs == null ? null : costs.usd(), cells, characters),
        expected(costs == null ? null : costs.outputTokens(), cells, characters),
        distance,
        strange);
  }

  private double[] expected(@Nullable CellAmounts amounts, int[] cells, double characters) {
    double[] expected = new double[model.llms().size()];
    for (int t = 0; t < expected.length; t++) {
      expected[t] = amounts == null ? Double.NaN : amounts.expected(cells, t, characters);
    }
    return expected;
  }

  private void readHead(
      DifficultyAxes reader, QuerySurface surface, double[] cosine, double easy, double[] success) {
    reader.write(surface, axes);
    System.arraycopy(headColumns[2], 0, loaded, 0, loaded.length);
    for (int a = 0; a < axes.length; a++) {
      Projection.axpy(axes[a], headColumns[SuccessHead.LOADINGS + a], loaded);
    }
    for (int t = 0; t < success.length; t++) {
      success[t] =
          Logistic.sigmoid(headColumns[0][t] * cosine[t] + headColumns[1][t] * easy + loaded[t]);
    }
  }

  /**
   * Where a query lands in the space of the LLM embeddings.
   *
   * @return a fresh {@code float[projected dimension]}
   */
  public float[] projected(float[] embedding) {
    project(embedding);
    Matrix matrix = model.projection();
    if (matrix == null || !folded) {
      return projected.clone();
    }
    float[] z = new float[matrix.rows()];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) Vectors.dot(phi, matrix.row(i));
    }
    return z;
  }

  /**
   * The features phi of a query.
   *
   * @return a fresh {@code float[features.size()]}
   */
  public float[] features(float[] embedding) {
    project(embedding);
    return phi.clone();
  }

  /** Rows of the LLM embeddings, then of the easiness if there is one, times the projection. */
  private static @Nullable Matrix folded(RouterModel model) {
    Matrix matrix = model.projection();
    if (matrix == null) {
      return null;
    }
    List<float[]> readers = new ArrayList<>(List.of(model.llmEmbeddings().toRows()));
    Matrix direction = model.calibration().easiness();
    if (direction != null) {
      readers.add(direction.row(0));
    }
    float[][] rows = new float[readers.size()][matrix.columns()];
    for (int r = 0; r < rows.length; r++) {
      double[] sums = new double[matrix.columns()];
      for (int i = 0; i < matrix.rows(); i++) {
        double factor = readers.get(r)[i];
        for (int j = 0; j < sums.length; j++) {
          sums[j] += factor * matrix.at(i, j);
        }
      }
      for (int j = 0; j < sums.length; j++) {
        rows[r][j] = (float) sums[j];
      }
    }
    return Matrix.of(rows);
  }

  private int project(float[] embedding) {
    int cell = features.write(embedding, phi);
    if (projection != null) {
      for (int p = 0; p < projected.length; p++) {
        projected[p] = features.product(guardRank + p);
      }
      // Hard memberships are nearly all 0.
      for (int j = model.features().dimension(); j < phi.length; j++) {
        if (phi[j] != 0) {
          Projection.axpy(phi[j], projection[j], projected);
        }
      }
    }
    return cell;
  }

  private double distance(@Nullable String text) {
    if (guardRank == 0) {
      return 0;
    }
    double inside = 0;
    for (int r = 0; r < guardRank; r++) {
      along[r] = features.product(r);
      inside += (double) along[r] * along[r];
    }
    double outside = Math.max(0, Vectors.squaredLength(features.centred()) - inside);
    return reader == null ? outside : reader.distance(along, outside, text);
  }
}
