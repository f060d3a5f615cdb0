package dev.turnout.lab.baseline.trained;

import dev.turnout.lab.baseline.neighbour.Centring;
import dev.turnout.lab.baseline.neighbour.DotProducts;
import org.jspecify.annotations.Nullable;

/**
 * A small network on centred, unit-length vectors: an optional tanh layer, then one output an LLM.
 *
 * @param centring applied to the encoder's vectors first
 * @param hidden {@code float[units][dimension]}, null for none
 * @param output {@code float[llms][units or dimension]}
 */
record Head(Centring centring, float @Nullable [][] hidden, float[][] output) {

  /** {@code double[queries][llms]}, before any sigmoid or softmax. */
  double[][] logits(float[][] embeddings) {
    float[][] x = centring.apply(embeddings);
    if (hidden != null) {
      x = DotProducts.of(x, hidden);
      for (float[] row : x) {
        for (int k = 0; k < row.length; k++) {
          row[k] = (float) Math.tanh(row[k]);
        }
      }
    }
    float[][] products = DotProducts.of(x, output);
    double[][] logits = new double[products.length][output.length];
    for (int i = 0; i < logits.length; i++) {
      for (int t = 0; t < output.length; t++) {
        logits[i][t] = products[i][t];
      }
    }
    return logits;
  }
}
