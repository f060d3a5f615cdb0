package dev.turnout.train.difficulty;

import dev.turnout.model.Matrix;
import dev.turnout.model.SuccessHead;
import org.jspecify.annotations.Nullable;

/**
 * How much each input of {@link LoggedHeadFit} counts for each LLM.
 *
 * @param stack coefficients of advantage and easiness, of what was known of texts if anything was,
 *     then of traits and words if they were regressed on
 * @param heldOut success of the LLM of each grade, predicted without its question's fold
 * @param traits what traits say for all LLMs; null where the regressions have no part
 * @param words likewise
 */
record LearntText(
    HeadStack stack, double[] heldOut, @Nullable SparseRidge traits, @Nullable SparseRidge words) {

  /**
   * A head that says the same: the axes of what was known, then one for the traits and one for the
   * words.
   *
   * @param scale what makes a score an advantage in logits
   */
  SuccessHead head(
      SurfaceDesign.Rows texts, KnownDifficulty.@Nullable Opinion known, double scale) {
    int from = known == null ? 0 : known.difficulty().axes();
    int axes = from + (traits == null || words == null ? 0 : 2);
    float[][] ofTraits = new float[texts.design().edges().length][axes];
    float[][] ofWords = new float[texts.design().words().length][axes];
    float[][] llms = new float[stack.coefficients().length][SuccessHead.LOADINGS + axes];
    for (int t = 0; t < llms.length; t++) {
      double[] own = stack.coefficients()[t];
      llms[t][0] = (float) (own[0] * scale);
      llms[t][1] = (float) (own[1] * scale);
      llms[t][2] = (float) (own[own.length - 1] - centre(own, known));
    }
    if (known != null) {
      copy(known.traits(), ofTraits);
      copy(known.words(), ofWords);
      for (int t = 0; t < llms.length; t++) {
        double factor = stack.coefficients()[t][LoggedHeadFit.CELLS] / known.deviation();
        for (int a = 0; a < from; a++) {
          float loading = known.difficulty().loadings()[t][a];
          llms[t][SuccessHead.LOADINGS + a] = (float) (factor * loading);
        }
      }
    }
    if (traits != null && words != null) {
      for (int t = 0; t < llms.length; t++) {
        double[] own = stack.coefficients()[t];
        llms[t][SuccessHead.LOADINGS + from] = (float) own[own.length - 3];
        llms[t][SuccessHead.LOADINGS + from + 1] = (float) own[own.length - 2];
      }
      for (int e = 0; e < ofTraits.length; e++) {
        ofTraits[e][from] = (float) (HeadFit.LOGITS * traits.weights()[e][0]);
      }
      for (int w = 0; w < ofWords.length; w++) {
        ofWords[w][from + 1] = (float) (HeadFit.LOGITS * words.weights()[w][0]);
      }
    }
    return new SuccessHead(
        Matrix.of(texts.design().edges()),
        Matrix.of(ofTraits),
        Matrix.of(texts.design().words()),
        Matrix.of(ofWords),
        Matrix.of(llms));
  }

  /** What the inputs were centred by, which a head's axes are not. */
  private double centre(double[] own, KnownDifficulty.@Nullable Opinion known) {
    double centre = known == null ? 0 : own[LoggedHeadFit.CELLS] * known.mean() / known.deviation();
    if (traits != null && words != null) {
      double byTraits = own[own.length - 3] * traits.centre()[0];
      double byWords = own[own.length - 2] * words.centre()[0];
      centre += HeadFit.LOGITS * (byTraits + byWords);
    }
    return centre;
  }

  private static void copy(double[][] known, float[][] out) {
    for (int row = 0; row < known.length; row++) {
      for (int a = 0; a < known[row].length; a++) {
        out[row][a] = (float) known[row][a];
      }
    }
  }
}
