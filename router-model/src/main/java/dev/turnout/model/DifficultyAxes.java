package dev.turnout.model;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.Trait;
import java.util.Arrays;

/**
 * Reads the axes y of {@link SuccessHead} off a text's surface: one table look-up a trait and a
 * word. Immutable; safe to share.
 */
final class DifficultyAxes {
  private static final int ABSENT = -1;

  private final int axes;
  private final float[][] edges = new float[Trait.COUNT][];
  private final float[][][] passed = new float[Trait.COUNT][][];
  private final int[] rowOfWord;
  private final float[] inverseFrequency;
  private final float[][] words;

  DifficultyAxes(SuccessHead head) {
    this.axes = head.axes();
    for (int trait = 0, row = 0; trait < Trait.COUNT; trait++) {
      int from = row;
      while (row < head.edges().rows() && head.edges().at(row, 0) == trait) {
        row++;
      }
      edges[trait] = new float[row - from];
      // the sums over all edges up to each, so that a query adds one row a trait
      passed[trait] = new float[row - from + 1][axes];
      for (int e = 0; e < row - from; e++) {
        edges[trait][e] = head.edges().at(from + e, 1);
        for (int a = 0; a < axes; a++) {
          passed[trait][e + 1][a] = passed[trait][e][a] + head.traitAxes().at(from + e, a);
        }
      }
    }
    this.words = head.wordAxes().toRows();
    this.inverseFrequency = new float[words.length];
    this.rowOfWord = new int[(int) head.words().at(words.length - 1, 0) + 1];
    Arrays.fill(rowOfWord, ABSENT);
    for (int w = 0; w < words.length; w++) {
      rowOfWord[(int) head.words().at(w, 0)] = w;
      inverseFrequency[w] = head.words().at(w, 1);
    }
  }

  int axes() {
    return axes;
  }

  /**
   * Writes y.
   *
   * @param y {@code float[axes]}, overwritten
   */
  void write(QuerySurface surface, float[] y) {
    Arrays.fill(y, 0);
    double squares = 0;
    for (int word : surface.words()) {
      int row = word < rowOfWord.length ? rowOfWord[word] : ABSENT;
      if (row != ABSENT) {
        squares += (double) inverseFrequency[row] * inverseFrequency[row];
        Projection.axpy(inverseFrequency[row], words[row], y);
      }
    }
    float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    for (int a = 0; a < axes; a++) {
      y[a] *= scale;
    }
    float[] traits = surface.traits();
    for (int trait = 0; trait < traits.length; trait++) {
      float[] some = edges[trait];
      if (some.length > 0) {
        int bin = 0;
        while (bin < some.length && traits[trait] > some[bin]) {
          bin++;
        }
        Projection.axpy(1, passed[trait][bin], y);
      }
    }
  }
}
