package dev.turnout.train.difficulty;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.model.Matrix;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Sphere;
import dev.turnout.model.SuccessHead;
import dev.turnout.train.success.OutOfFold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fits a {@link SuccessHead}. Each LLM's success is regressed on the traits of the texts and on
 * their words, each with a strong ridge; a logistic regression then says how much these two, the
 * LLM's advantage and the query's easiness count for each LLM. It sees out-of-fold predictions
 * alone, so that what the regressions remember of their training queries counts for nothing. How
 * many axes the LLMs have in common, {@link DifficultyRank} says.
 *
 * @param surfaces of the training queries
 * @param rewards {@code float[queries][llms]}, NaN = not graded
 * @param weights importance of each query
 * @param fold fold of each query, as in the out-of-fold predictions of the recipe
 */
public record HeadFit(
    List<QuerySurface> surfaces, float[][] rewards, double[] weights, int[] fold) {
  /** Below so many queries the folds say too little of how much a prediction counts. */
  private static final int FEWEST_QUERIES = 100;

  static final double TRAIT_PENALTY = 300;
  static final double WORD_PENALTY = 10;

  /** Near 0.5 the logit of a success is four times what it is beyond 0.5. */
  static final double LOGITS = 4;

  static final int ADVANTAGE = 0;
  static final int EASINESS = 1;
  static final int TRAITS = 2;
  static final int WORDS = 3;
  static final int INTERCEPT = 4;

  /**
   * A head, and what it predicts of its training queries when they are held out.
   *
   * @param heldOut success, {@code double[queries][llms]}
   */
  public record Fitted(SuccessHead head, double[][] heldOut) {}

  /**
   * The head for a model.
   *
   * @param model assembled from linear weights, with a sphere
   * @param held the recipe's own out-of-fold predictions
   * @return null when there is too little to learn from
   */
  public @Nullable Fitted fit(RouterModel model, OutOfFold held) {
    Sphere sphere = model.sphere();
    if (surfaces.size() < FEWEST_QUERIES || sphere == null) {
      return null;
    }
    SurfaceDesign design = SurfaceDesign.of(surfaces);
    if (design.isEmpty()) {
      return null;
    }
    SparseRows traits = design.traits(surfaces);
    SparseRows words = design.words(surfaces);
    double[][][] inputs = inputs(traits, words, held);
    HeadStack stack = HeadStack.fit(rewards[0].length, grades(inputs));
    double[][] loadings = DifficultyRank.of(inputs, stack, rewards, weights);
    SparseRidge ofTraits = SparseRidge.fit(traits, rewards, weights, TRAIT_PENALTY);
    SparseRidge ofWords = SparseRidge.fit(words, rewards, weights, WORD_PENALTY);
    double[][] traitLogits = scaled(ofTraits.weights(), stack, TRAITS);
    double[][] wordLogits = scaled(ofWords.weights(), stack, WORDS);
    double scale = LOGITS * sphere.queryRadius() * sphere.llmRadius();
    float[][] llms = new float[loadings.length][];
    for (int t = 0; t < llms.length; t++) {
      double[] own = stack.coefficients()[t];
      double centre = own[TRAITS] * ofTraits.centre()[t] + own[WORDS] * ofWords.centre()[t];
      llms[t] = new float[3 + loadings[t].length];
      llms[t][0] = (float) (own[ADVANTAGE] * scale);
      llms[t][1] = (float) (own[EASINESS] * scale);
      llms[t][2] = (float) (own[INTERCEPT] - LOGITS * centre);
      for (int a = 0; a < loadings[t].length; a++) {
        llms[t][3 + a] = (float) loadings[t][a];
      }
    }
    SuccessHead head =
        new SuccessHead(
            Matrix.of(design.edges()),
            onAxes(traitLogits, loadings),
            Matrix.of(design.words()),
            onAxes(wordLogits, loadings),
            Matrix.of(llms));
    return new Fitted(head, DifficultyRank.success(inputs, stack, loadings));
  }

  private List<GradedInput> grades(double[][][] inputs) {
    List<GradedInput> grades = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      for (int t = 0; t < rewards[i].length; t++) {
        if (!Float.isNaN(rewards[i][t])) {
          grades.add(new GradedInput(t, inputs[i][t], rewards[i][t], weights[i]));
        }
      }
    }
    return grades;
  }

  private double[][][] inputs(SparseRows traits, SparseRows words, OutOfFold held) {
    int llms = rewards[0].length;
    double[][][] inputs = new double[rewards.length][llms][INTERCEPT];
    int folds = Arrays.stream(fold).max().orElse(0) + 1;
    for (int f = 0; f < folds; f++) {
      double[] kept = weights.clone();
      for (int i = 0; i < kept.length; i++) {
        kept[i] = fold[i] == f ? 0 : kept[i];
      }
      SparseRidge ofTraits = SparseRidge.fit(traits, rewards, kept, TRAIT_PENALTY);
      SparseRidge ofWords = SparseRidge.fit(words, rewards, kept, WORD_PENALTY);
      for (int i = 0; i < inputs.length; i++) {
        if (fold[i] == f) {
          double[] byTraits = ofTraits.beyondMean(traits, i);
          double[] byWords = ofWords.beyondMean(words, i);
          for (int t = 0; t < llms; t++) {
            inputs[i][t][ADVANTAGE] = LOGITS * held.advantages()[i][t];
            inputs[i][t][EASINESS] = LOGITS * held.easiness()[i];
            inputs[i][t][TRAITS] = LOGITS * byTraits[t];
            inputs[i][t][WORDS] = LOGITS * byWords[t];
          }
        }
      }
    }
    return inputs;
  }

  private static double[][] scaled(double[][] weights, HeadStack stack, int input) {
    double[][] scaled = new double[weights.length][];
    for (int c = 0; c < scaled.length; c++) {
      scaled[c] = weights[c].clone();
      for (int t = 0; t < scaled[c].length; t++) {
        scaled[c][t] *= LOGITS * stack.coefficients()[t][input];
      }
    }
    return scaled;
  }

  private static Matrix onAxes(double[][] weights, double[][] loadings) {
    float[][] axes = new float[weights.length][loadings[0].length];
    for (int c = 0; c < axes.length; c++) {
      for (int a = 0; a < axes[c].length; a++) {
        double sum = 0;
        for (int t = 0; t < loadings.length; t++) {
          sum += weights[c][t] * loadings[t][a];
        }
        axes[c][a] = (float) sum;
      }
    }
    return Matrix.of(axes);
  }
}
