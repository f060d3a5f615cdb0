package dev.turnout.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From a cosine score to a probability of success (Platt scaling): {@code success_t =
 * sigmoid(slope_t * score_t + ease_t * cos(z, easiness) + intercept_t)}. The easiness is a
 * direction in the projected space that says how easy a query is for any LLM; it is the same for
 * all LLMs of a query, so that it changes no ranking when slopes are equal.
 *
 * @param slope per LLM, >= 0 so that success rises with the score
 * @param intercept per LLM
 * @param ease per LLM: weight of the query's easiness; 0 without an easiness
 * @param overall per LLM: mean success over the training data, every data set counting alike, 0..1;
 *     NaN when unknown
 * @param easiness {@code [1 x projected dimension]}, null when queries are not told apart by it
 * @param promise from which predicted success on an LLM keeps a stated rate; null when unknown
 */
public record Calibration(
    double[] slope,
    double[] intercept,
    double[] ease,
    double[] overall,
    @Nullable Matrix easiness,
    @Nullable SuccessPromise promise) {
  public Calibration {
    slope = slope.clone();
    intercept = intercept.clone();
    ease = ease.clone();
    overall = overall.clone();
    if (slope.length != intercept.length
        || slope.length != ease.length
        || slope.length != overall.length) {
      throw new IllegalArgumentException(
          "calibration lengths differ: "
              + slope.length
              + ", "
              + intercept.length
              + ", "
              + ease.length
              + ", "
              + overall.length);
    }
    for (int t = 0; t < slope.length; t++) {
      if (!(slope[t] >= 0)
          || !Double.isFinite(slope[t])
          || !Double.isFinite(intercept[t])
          || !Double.isFinite(ease[t])) {
        throw new IllegalArgumentException(
            "calibration of LLM "
                + t
                + " must be finite with a slope >= 0: slope "
                + slope[t]
                + ", intercept "
                + intercept[t]
                + ", ease "
                + ease[t]);
      }
    }
  }

  /** A calibration that promises nothing. */
  public Calibration(
      double[] slope,
      double[] intercept,
      double[] ease,
      double[] overall,
      @Nullable Matrix easiness) {
    this(slope, intercept, ease, overall, easiness, null);
  }

  /** The same slope and intercept for every LLM, no easiness. */
  public static Calibration shared(int llms, double slope, double intercept) {
    double[] slopes = new double[llms];
    double[] intercepts = new double[llms];
    Arrays.fill(slopes, slope);
    Arrays.fill(intercepts, intercept);
    double[] overall = new double[llms];
    Arrays.fill(overall, Double.NaN);
    return new Calibration(slopes, intercepts, new double[llms], overall, null);
  }

  @Override
  public double[] slope() {
    return slope.clone();
  }

  @Override
  public double[] intercept() {
    return intercept.clone();
  }

  @Override
  public double[] ease() {
    return ease.clone();
  }

  @Override
  public double[] overall() {
    return overall.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Calibration that
        && Arrays.equals(slope, that.slope)
        && Arrays.equals(intercept, that.intercept)
        && Arrays.equals(ease, that.ease)
        && Arrays.equals(overall, that.overall)
        && Objects.equals(easiness, that.easiness)
        && Objects.equals(promise, that.promise);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(slope) + Arrays.hashCode(intercept)) + Arrays.hashCode(ease);
  }

  @Override
  public String toString() {
    return "Calibration[" + slope.length + " LLMs]";
  }

  /** The same with another promise. */
  public Calibration withPromise(@Nullable SuccessPromise other) {
    return new Calibration(slope, intercept, ease, overall, easiness, other);
  }
}
