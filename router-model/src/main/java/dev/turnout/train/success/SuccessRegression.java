package dev.turnout.train.success;

import dev.turnout.model.QueryFeatures;
import dev.turnout.train.TrainingOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fits easiness and advantages by {@link PooledRegression}, alternating where grades are missing.
 */
public final class SuccessRegression {
  private static final int ALTERNATIONS = 3;

  private final QueryFeatures features;
  private final TrainingOptions options;

  public SuccessRegression(QueryFeatures features, TrainingOptions options) {
    this.features = features;
    this.options = options;
  }

  /**
   * Fits grades.
   *
   * @param phi {@code float[queries][features]}
   * @param grades aligned with phi
   * @param prior weights to start from, whose advantages the grades hold as their baseline; null to
   *     start from each LLM's overall mean
   * @param weights importance of each query; 0 leaves a query out
   */
  public SuccessWeights fit(
      float[][] phi, MaskedGrades grades, @Nullable SuccessWeights prior, double[] weights) {
    PooledRegression regression = new PooledRegression(features, options, phi, weights);
    double[] overall = grades.overall();
    double[] expectedEasiness = prior == null ? new double[phi.length] : prior.easiness(phi);
    double[][] expected = new double[phi.length][overall.length];
    // With all grades present the advantages of a query sum to nothing and one pass is exact.
    int passes = grades.complete() ? 1 : ALTERNATIONS;
    SuccessWeights fitted = null;
    for (int pass = 0; pass < passes; pass++) {
      double[] shown = grades.easiness(expected);
      double[] unexpected = shown.clone();
      for (int i = 0; i < unexpected.length; i++) {
        unexpected[i] -= expectedEasiness[i];
      }
      double[] easiness = regression.fit(new double[][] {unexpected})[0];
      double[] predicted = new SuccessWeights(new double[0][], easiness).easiness(phi);
      for (int i = 0; i < predicted.length; i++) {
        predicted[i] += expectedEasiness[i];
      }
      fitted = new SuccessWeights(regression.fit(grades.advantages(shown, predicted)), easiness);
      if (pass + 1 < passes) {
        expected = fitted.advantages(phi);
      }
    }
    return Objects.requireNonNull(fitted).plus(prior == null ? overallMeans(grades) : prior);
  }

  /** Each LLM's overall mean as its weight on the constant. */
  private SuccessWeights overallMeans(MaskedGrades grades) {
    double[] overall = grades.overall();
    double[][] llms = new double[overall.length][features.size()];
    for (int t = 0; t < overall.length; t++) {
      llms[t][features.size() - 1] = overall[t] - grades.centre();
    }
    return new SuccessWeights(llms, new double[features.size()]);
  }
}
