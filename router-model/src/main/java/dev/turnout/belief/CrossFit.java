package dev.turnout.belief;

import java.util.ArrayList;
import java.util.List;

/**
 * Predicts held-out rewards for doubly-robust estimates. Every prediction is free of the sample's
 * own grade, which is all that keeps such an estimate unbiased, yet learns from the other held-out
 * grades, above all how difficult a question is that was graded before: what a question does to all
 * LLMs alike is half of a grade's variance, and need not be in the estimate (cross-fitting:
 * Chernozhukov et al. 2018, "Double/debiased machine learning").
 *
 * <p>What holds at all times: the prediction for a sample comes from a fit to the earlier samples
 * and four fifths of the held-out ones, never to its own fifth. Given that fit, the term's
 * expectation is over the draw of the LLM and its grade alone, so it stays unbiased although all
 * other grades, later ones too, helped to predict it. Folds go by position, not by chance, so that
 * equal logs give equal predictions, and are equally large to within one sample.
 *
 * <p>What it does not cover: where the logging policy learns as it goes, later choices depend a
 * little on this grade, and so does a fit to them; and two graders' grades of one answer may lie in
 * different folds, so that one helps to predict the other.
 */
public final class CrossFit {
  private static final int FOLDS = 5;

  private CrossFit() {}

  /**
   * Predicted reward of every LLM for every held-out sample.
   *
   * @param learner learns for any model; which one only decides how narrow the estimate becomes
   * @param seen earlier samples, oldest first
   * @param heldOut later samples, oldest first
   * @return {@code double[heldOut.size()][llms]}, strictly within 0..1
   */
  public static double[][] success(
      PosteriorLearner learner, List<GradedSample> seen, List<GradedSample> heldOut) {
    double[][] success = new double[heldOut.size()][];
    for (int fold = 0; fold < FOLDS; fold++) {
      List<GradedSample> known = new ArrayList<>(seen);
      List<GradedSample> asked = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < success.length; i++) {
        if (i % FOLDS == fold) {
          asked.add(heldOut.get(i));
          positions.add(i);
        } else {
          known.add(heldOut.get(i));
        }
      }
      double[][] predicted = learner.success(known, asked);
      for (int j = 0; j < predicted.length; j++) {
        success[positions.get(j)] = predicted[j];
      }
    }
    return success;
  }
}
