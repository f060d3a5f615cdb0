package dev.turnout.model;

import dev.turnout.encoder.EncoderId;
import dev.turnout.math.Sha256;
import dev.turnout.math.Vectors;
import dev.turnout.model.cost.CostHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A trained router: {@code phi = features(encoder vector)}, {@code z = projection * phi}, {@code
 * score_t = cos(z, k_t)}, {@code R(x) = softmax(score / temperature)} (RouterDC, eq. 2), and a
 * calibrated probability of success per LLM. Immutable; safe to share between threads. Scoring
 * itself is in {@link RouterScorer}.
 *
 * @param version name of this very model, as decisions are stamped with; non-blank
 * @param encoder the encoder it was trained on; serving with another is refused
 * @param llms LLM ids, distinct, at least one
 * @param features encoder vector to phi
 * @param projection {@code [projected dimension x features.size()]}, null for the identity
 * @param llmEmbeddings {@code [llms x projected dimension]}
 * @param sphere null for the plain cosine, else the lift that turns inner products into cosines
 * @param temperature of the softmax over cosines, > 0
 * @param calibration cosine to probability of success, per LLM
 * @param guard null when every query counts as in distribution
 * @param head success of queries whose text is known; null when the calibration does for all
 * @param costs what answers are expected to take; null when nothing is known of it
 * @param report lineage and training figures, sorted by key
 */
public record RouterModel(
    String version,
    EncoderId encoder,
    List<String> llms,
    QueryFeatures features,
    @Nullable Matrix projection,
    Matrix llmEmbeddings,
    @Nullable Sphere sphere,
    double temperature,
    Calibration calibration,
    @Nullable Guard guard,
    @Nullable SuccessHead head,
    @Nullable CostHead costs,
    Map<String, String> report) {

  public RouterModel {
    llms = List.copyOf(llms);
    report = Collections.unmodifiableMap(new TreeMap<>(report));
    require(!version.isBlank(), "version is blank");
    require(!llms.isEmpty(), "no LLMs");
    require(new HashSet<>(llms).size() == llms.size(), "LLM ids repeat: " + llms);
    requireEqual(features.dimension(), encoder.dimension(), "dimensions of mean and encoder");
    int projected = projection == null ? features.size() : projection.rows();
    if (projection != null) {
      requireEqual(projection.columns(), features.size(), "columns of the projection and features");
      require(projection.isFinite(), "the projection holds NaN or infinite values");
    }
    requireEqual(llmEmbeddings.rows(), llms.size(), "rows of the LLM embeddings and LLMs");
    requireEqual(
        llmEmbeddings.columns(), projected, "columns of the LLM embeddings and projected size");
    require(llmEmbeddings.isFinite(), "the LLM embeddings hold NaN or infinite values");
    require(features.mean().isFinite(), "the mean holds NaN or infinite values");
    for (CellBank bank : features.banks()) {
      require(bank.centroids().isFinite(), "centroids hold NaN or infinite values");
    }
    require(
        temperature > 0 && Double.isFinite(temperature),
        "temperature must be positive and finite: " + temperature);
    requireEqual(calibration.slope().length, llms.size(), "calibrations and LLMs");
    SuccessPromise promise = calibration.promise();
    if (promise != null) {
      requireEqual(promise.thresholds().rows(), llms.size(), "rows of the promise and LLMs");
    }
    Matrix easiness = calibration.easiness();
    if (easiness != null) {
      requireEqual(easiness.columns(), projected, "columns of the easiness and projected size");
      require(easiness.isFinite(), "the easiness holds NaN or infinite values");
    }
    if (guard != null) {
      requireEqual(
          guard.subspace().columns(), encoder.dimension(), "dimensions of guard and encoder");
      require(guard.subspace().isFinite(), "the guard holds NaN or infinite values");
    }
    if (head != null) {
      requireEqual(head.llms().rows(), llms.size(), "rows of the success head and LLMs");
    }
    if (costs != null) {
      costs.requireFit(allCells(features), llms.size());
    }
  }

  /** A model without a success head and without expected costs. */
  public RouterModel(
      String version,
      EncoderId encoder,
      List<String> llms,
      QueryFeatures features,
      @Nullable Matrix projection,
      Matrix llmEmbeddings,
      @Nullable Sphere sphere,
      double temperature,
      Calibration calibration,
      @Nullable Guard guard,
      Map<String, String> report) {
    this(
        version,
        encoder,
        llms,
        features,
        projection,
        llmEmbeddings,
        sphere,
        temperature,
        calibration,
        guard,
        null,
        null,
        report);
  }

  /**
   * Reads what {@link #toBytes()} wrote.
   *
   * @throws ModelFormatException if the bytes are truncated, corrupt, of another format version, or
   *     describe an inconsistent model
   */
  public static RouterModel fromBytes(byte[] bytes) {
    return ModelCodec.read(bytes);
  }

  /** The artefact: a self-contained binary form; equal models have equal bytes. */
  public byte[] toBytes() {
    return ModelCodec.write(this);
  }

  /** SHA-256 of {@link #toBytes()} in lower-case hex. */
  public String digest() {
    return Sha256.hex(toBytes());
  }

  /** Length of z, the projected query. */
  public int projectedDimension() {
    return llmEmbeddings.columns();
  }

  /**
   * How many rows there are of what is kept per cell: the cells of all banks one after the other,
   * one row without cells.
   */
  public int allCells() {
    return allCells(features);
  }

  private static int allCells(QueryFeatures features) {
    int cells = 0;
    for (CellBank bank : features.banks()) {
      cells += bank.cells();
    }
    return Math.max(1, cells);
  }

  /**
   * Returns this model if it was trained on the given encoder.
   *
   * @throws ModelFormatException if it was trained on another one: its scores would be noise
   */
  public RouterModel requireEncoder(EncoderId serving) {
    if (!encoder.digest().equals(serving.digest()) || encoder.dimension() != serving.dimension()) {
      throw new ModelFormatException(
          "router model \""
              + version
              + "\" was trained on encoder "
              + encoder
              + " but the running encoder is "
              + serving
              + ": configure that encoder, or train a model on the running one");
    }
    return this;
  }

  /** This model under another version name. */
  public RouterModel withVersion(String newVersion) {
    return with(newVersion, calibration, head, costs, report);
  }

  /** This model with another report; the report says where it came from, and scores nothing. */
  public RouterModel withReport(Map<String, String> newReport) {
    return with(version, calibration, head, costs, newReport);
  }

  /** This model with another calibration of its success. */
  public RouterModel withCalibration(Calibration newCalibration) {
    return with(version, newCalibration, head, costs, report);
  }

  /** This model with another success head. */
  public RouterModel withHead(@Nullable SuccessHead newHead) {
    return with(version, calibration, newHead, costs, report);
  }

  /** This model with other expected costs. */
  public RouterModel withCosts(@Nullable CostHead newCosts) {
    return with(version, calibration, head, newCosts, report);
  }

  private RouterModel with(
      String newVersion,
      Calibration newCalibration,
      @Nullable SuccessHead newHead,
      @Nullable CostHead newCosts,
      Map<String, String> newReport) {
    return new RouterModel(
        newVersion,
        encoder,
        llms,
        features,
        projection,
        llmEmbeddings,
        sphere,
        temperature,
        newCalibration,
        guard,
        newHead,
        newCosts,
        newReport);
  }

  /**
   * This model with an LLM added, or replaced if it is known. All other embeddings stay as they
   * are. If the new embedding is longer than the sphere's LLM radius, the radius grows and
   * temperature and slopes are rescaled, so that R(x) and success of the others do not move.
   */
  public RouterModel withLlm(LlmEmbedding added) {
    requireEqual(
        added.vector().length, projectedDimension(), "length of the embedding and projected size");
    List<LlmEmbedding> embeddings = new ArrayList<>();
    for (LlmEmbedding known : embeddings()) {
      if (!known.llm().equals(added.llm())) {
        embeddings.add(known);
      }
    }
    int position = llms.indexOf(added.llm());
    embeddings.add(position < 0 ? embeddings.size() : position, added);
    return withEmbeddings(embeddings);
  }

  /**
   * This model without one LLM.
   *
   * @throws IllegalArgumentException if the LLM is unknown or the only one
   */
  public RouterModel without(String llm) {
    if (!llms.contains(llm)) {
      throw new IllegalArgumentException("LLM \"" + llm + "\" is not among " + llms);
    }
    return withEmbeddings(embeddings().stream().filter(e -> !e.llm().equals(llm)).toList());
  }

  /** What this model expects the answers of some LLMs to take; null when it knows nothing of it. */
  public @Nullable CostHead costsOf(List<String> some) {
    return costs == null ? null : costs.withLlms(some.stream().mapToInt(llms::indexOf).toArray());
  }

  /** Every LLM with its embedding and calibration, in the order of {@link #llms()}. */
  public List<LlmEmbedding> embeddings() {
    double[] slope = calibration.slope();
    double[] intercept = calibration.intercept();
    double[] ease = calibration.ease();
    double[] overall = calibration.overall();
    List<LlmEmbedding> all = new ArrayList<>();
    for (int t = 0; t < llms.size(); t++) {
      all.add(
          new LlmEmbedding(
              llms.get(t),
              llmEmbeddings.row(t),
              slope[t],
              intercept[t],
              ease[t],
              overall[t],
              head == null ? null : Matrix.of(new float[][] {head.llms().row(t)})));
    }
    return all;
  }

  /** Position of an LLM that is here the same; -1 for a new or changed one. */
  private int unchanged(LlmEmbedding embedding) {
    int t = llms.indexOf(embedding.llm());
    return t >= 0
            && Arrays.equals(llmEmbeddings.row(t), embedding.vector())
            && calibration.slope()[t] == embedding.slope()
            && calibration.intercept()[t] == embedding.intercept()
        ? t
        : -1;
  }

  private RouterModel withEmbeddings(List<LlmEmbedding> embeddings) {
    if (embeddings.isEmpty()) {
      throw new IllegalArgumentException("a router model needs at least one LLM");
    }
    double longest =
        embeddings.stream().mapToDouble(e -> Vectors.length(e.vector())).max().orElse(0);
    SuccessPromise promise = calibration.promise();
    double growth = sphere == null ? 1 : Math.max(1, longest / sphere.llmRadius());
    return new RouterModel(
        version,
        encoder,
        embeddings.stream().map(LlmEmbedding::llm).toList(),
        features,
        projection,
        Matrix.of(embeddings.stream().map(LlmEmbedding::vector).toArray(float[][]::new)),
        sphere == null ? null : new Sphere(sphere.queryRadius(), sphere.llmRadius() * growth),
        temperature / growth,
        new Calibration(
            embeddings.stream().mapToDouble(e -> e.slope() * growth).toArray(),
            embeddings.stream().mapToDouble(LlmEmbedding::intercept).toArray(),
            embeddings.stream().mapToDouble(e -> e.ease() * growth).toArray(),
            embeddings.stream().mapToDouble(LlmEmbedding::overall).toArray(),
            calibration.easiness(),
            promise == null
                ? null
                : promise.of(embeddings.stream().mapToInt(this::unchanged).toArray())),
        guard,
        head == null ? null : head.withLlms(headRows(embeddings, head, growth)),
        costsOf(embeddings.stream().map(LlmEmbedding::llm).toList()),
        report);
  }

  /** Rows of the success head; an LLM without one of its own takes the mean of the others. */
  private static Matrix headRows(List<LlmEmbedding> embeddings, SuccessHead head, double growth) {
    List<float[]> known = new ArrayList<>();
    for (LlmEmbedding embedding : embeddings) {
      Matrix row = embedding.head();
      if (row != null) {
        known.add(row.row(0));
      }
    }
    float[] mean = known.isEmpty() ? head.llms().row(0) : Vectors.narrowed(Vectors.mean(known));
    float[][] rows = new float[embeddings.size()][];
    for (int t = 0; t < rows.length; t++) {
      Matrix own = embeddings.get(t).head();
      rows[t] = own == null ? mean.clone() : own.row(0);
      rows[t][0] *= (float) growth;
      rows[t][1] *= (float) growth;
    }
    return Matrix.of(rows);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("router model: " + message);
    }
  }

  private static void requireEqual(int left, int right, String what) {
    require(left == right, what + " differ: " + left + " and " + right);
  }
}
