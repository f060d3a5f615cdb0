package dev.turnout.train.difficulty;

import dev.turnout.math.Logistic;
import dev.turnout.math.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Finds what texts mean to the LLMs in common. An LLM's own opinion of every text is noisy; the
 * directions in which the LLMs' opinions vary most are less so. As many of them are kept as predict
 * grades best out of fold: three for the seven LLMs of RouterDC's data, where what an LLM has of
 * its own is noise, nearly all for LLMs that differ in kind.
 */
final class DifficultyRank {
  private static final int MOST_AXES = 16;

  private DifficultyRank() {}

  /**
   * The directions.
   *
   * @param inputs out-of-fold predictions as {@link HeadFit} lays them out
   * @param stack how much they count
   * @return {@code double[llms][axes]}, orthonormal columns
   */
  static double[][] of(double[][][] inputs, HeadStack stack, float[][] rewards, double[] weights) {
    int llms = rewards[0].length;
    DMatrixRMaj moments = new DMatrixRMaj(llms, llms);
    for (int i = 0; i < inputs.length; i++) {
      double[] text = text(inputs[i], stack);
      for (int t = 0; t < llms && weights[i] > 0; t++) {
        for (int u = 0; u < llms; u++) {
          moments.add(t, u, weights[i] * text[t] * text[u]);
        }
      }
    }
    double[][] directions = principal(moments);
    double[] loss = losses(inputs, stack, directions, rewards, weights);
    int best = 0;
    for (int a = 1; a < loss.length; a++) {
      best = loss[a] < loss[best] ? a : best;
    }
    double[][] loadings = new double[llms][best + 1];
    for (int t = 0; t < llms; t++) {
      for (int a = 0; a <= best; a++) {
        loadings[t][a] = directions[a][t];
      }
    }
    return loadings;
  }

  /** Cross-entropy with the first axis, the first two, and so on. */
  private static double[] losses(
      double[][][] inputs,
      HeadStack stack,
      double[][] directions,
      float[][] rewards,
      double[] weights) {
    double[] loss = new double[directions.length];
    for (int i = 0; i < inputs.length; i++) {
      if (weights[i] == 0) {
        continue;
      }
      double[] text = text(inputs[i], stack);
      double[] logits = withoutText(inputs[i], stack);
      for (int a = 0; a < directions.length; a++) {
        addAlong(directions[a], text, logits);
        for (int t = 0; t < text.length; t++) {
          if (!Float.isNaN(rewards[i][t])) {
            // minus the logarithm of what was predicted, in a form that does not overflow
            double right = Math.log1p(Math.exp(-Math.abs(logits[t]))) + Math.max(0, -logits[t]);
            loss[a] += weights[i] * (right + (1 - rewards[i][t]) * logits[t]);
          }
        }
      }
    }
    return loss;
  }

  /**
   * Success of held-out queries as a head with these loadings predicts it.
   *
   * @return {@code double[queries][llms]}
   */
  static double[][] success(double[][][] inputs, HeadStack stack, double[][] loadings) {
    double[][] directions = new double[loadings[0].length][loadings.length];
    for (int a = 0; a < directions.length; a++) {
      for (int t = 0; t < loadings.length; t++) {
        directions[a][t] = loadings[t][a];
      }
    }
    double[][] success = new double[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      double[] text = text(inputs[i], stack);
      double[] logits = withoutText(inputs[i], stack);
      for (double[] direction : directions) {
        addAlong(direction, text, logits);
      }
      success[i] = Arrays.stream(logits).map(Logistic::sigmoid).toArray();
    }
    return success;
  }

  /** Adds to the logits what a direction keeps of the text. */
  private static void addAlong(double[] direction, double[] text, double[] logits) {
    double along = Vectors.dot(direction, text);
    for (int t = 0; t < logits.length; t++) {
      logits[t] += along * direction[t];
    }
  }

  private static double[] withoutText(double[][] inputs, HeadStack stack) {
    double[] logits = new double[inputs.length];
    for (int t = 0; t < logits.length; t++) {
      double[] own = stack.coefficients()[t];
      logits[t] =
          own[HeadFit.ADVANTAGE] * inputs[t][HeadFit.ADVANTAGE]
              + own[HeadFit.EASINESS] * inputs[t][HeadFit.EASINESS]
              + own[HeadFit.INTERCEPT];
    }
    return logits;
  }

  /** What the text alone says of each LLM, in logits. */
  private static double[] text(double[][] inputs, HeadStack stack) {
    double[] text = new double[inputs.length];
    for (int t = 0; t < text.length; t++) {
      double[] own = stack.coefficients()[t];
      text[t] =
          own[HeadFit.TRAITS] * inputs[t][HeadFit.TRAITS]
              + own[HeadFit.WORDS] * inputs[t][HeadFit.WORDS];
    }
    return text;
  }

  private static double[][] principal(DMatrixRMaj moments) {
    int llms = moments.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(llms, true, true);
    if (!eigen.decompose(moments)) {
      throw new IllegalStateException("the LLMs' difficulties have no principal directions");
    }
    return IntStream.range(0, llms)
        .boxed()
        .sorted(Comparator.comparingDouble(a -> -eigen.getEigenvalue(a).getReal()))
        .limit(MOST_AXES)
        .map(a -> eigen.getEigenVector(a).data.clone())
        .toArray(double[][]::new);
  }
}
