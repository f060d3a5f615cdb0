package dev.turnout.train.difficulty;

import dev.turnout.encoder.surface.QuerySurface;
import java.util.Arrays;
import java.util.List;

/**
 * Grades of answers whose queries' texts are known, one LLM a grade, with what the cells predict
 * when the question is held out. All are aligned.
 *
 * @param surfaces of the queries' texts
 * @param llm who answered
 * @param reward 0..1
 * @param weight importance, >= 0
 * @param question number of the question, from 0; equal for equal texts
 * @param fold what is held out together; all grades of a question lie in one
 * @param advantage of the LLM by the cells, in success beyond the question's easiness
 * @param easiness of the question by the cells, in success beyond 0.5
 */
public record LoggedGrades(
    List<QuerySurface> surfaces,
    int[] llm,
    double[] reward,
    double[] weight,
    int[] question,
    int[] fold,
    double[] advantage,
    double[] easiness) {
  /** Number of grades. */
  public int size() {
    return surfaces.size();
  }

  /** How many folds have grades, or the last of them. */
  int folds() {
    return Arrays.stream(fold).max().orElse(-1) + 1;
  }

  /** Weights with 0 for what is held out. */
  double[] without(int heldOut) {
    double[] kept = weight.clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = fold[i] == heldOut ? 0 : kept[i];
    }
    return kept;
  }

  /**
   * By how much one prediction's log-loss is below another's, summed over the grades.
   *
   * @param gain of the second over the first
   * @param error its standard error, questions taken as independent
   */
  record Gain(double gain, double error) {}

  Gain gain(double[] first, double[] second) {
    double[] byQuestion = new double[Arrays.stream(question).max().orElse(-1) + 1];
    double[] mass = new double[byQuestion.length];
    double sum = 0;
    double all = 0;
    for (int i = 0; i < reward.length; i++) {
      double better = weight[i] * (loss(reward[i], first[i]) - loss(reward[i], second[i]));
      byQuestion[question[i]] += better;
      mass[question[i]] += weight[i];
      sum += better;
      all += weight[i];
    }
    double squares = 0;
    for (int q = 0; q < byQuestion.length; q++) {
      double beyond = byQuestion[q] - mass[q] * sum / Math.max(all, 1e-12);
      squares += beyond * beyond;
    }
    return new Gain(sum, Math.sqrt(squares));
  }

  private static double loss(double reward, double predicted) {
    double success = Math.max(1e-3, Math.min(1 - 1e-3, predicted));
    return -reward * Math.log(success) - (1 - reward) * Math.log(1 - success);
  }
}
