package dev.turnout.train.difficulty;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Surfaces as rows for regression: a column for every edge that a trait may pass, and one for every
 * word, scaled so that a text's words have length 1.
 *
 * @param edges {@code float[edges][2]}: trait and the value that it must exceed, ascending
 * @param words {@code float[words][2]}: token id and inverse document frequency, ascending
 */
record SurfaceDesign(float[][] edges, float[][] words) {
  private static final int BINS = 8;
  private static final int FEWEST_TEXTS = 3;

  /** By trait, then by value. */
  private static final Comparator<float[]> EDGES =
      Comparator.<float[]>comparingDouble(edge -> edge[0]).thenComparingDouble(edge -> edge[1]);

  /** Texts as rows for regression. */
  record Rows(SurfaceDesign design, SparseRows traits, SparseRows words) {}

  /** The rows of texts. */
  Rows rows(List<QuerySurface> surfaces) {
    return new Rows(this, traits(surfaces), words(surfaces));
  }

  /** Edges at the traits' octiles, and the words that stand in several texts. */
  static SurfaceDesign of(List<QuerySurface> surfaces) {
    List<float[]> edges = new ArrayList<>();
    float[] values = new float[surfaces.size()];
    for (int trait = 0; trait < Trait.COUNT; trait++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = surfaces.get(i).traits()[trait];
      }
      Arrays.sort(values);
      float last = values[values.length - 1];
      float before = Float.NEGATIVE_INFINITY;
      for (int b = 1; b < BINS; b++) {
        float edge = values[(int) ((long) b * values.length / BINS)];
        if (edge > before && edge < last) {
          edges.add(new float[] {trait, edge});
          before = edge;
        }
      }
      // a trait that few texts have at all
      if (before == Float.NEGATIVE_INFINITY && values[0] < last) {
        edges.add(new float[] {trait, values[0]});
      }
    }
    TreeMap<Integer, Integer> texts = new TreeMap<>();
    for (QuerySurface surface : surfaces) {
      for (int word : surface.words()) {
        texts.merge(word, 1, Integer::sum);
      }
    }
    List<float[]> words = new ArrayList<>();
    texts.forEach(
        (word, count) -> {
          if (count >= FEWEST_TEXTS && count < surfaces.size()) {
            double inverse = StrictMath.log((double) surfaces.size() / count);
            words.add(new float[] {word, (float) inverse});
          }
        });
    return new SurfaceDesign(edges.toArray(float[][]::new), words.toArray(float[][]::new));
  }

  /** This design with what an earlier one knows too; of a word in both, its frequency counts. */
  SurfaceDesign with(SurfaceDesign known) {
    TreeSet<float[]> all = new TreeSet<>(EDGES);
    all.addAll(Arrays.asList(known.edges));
    all.addAll(Arrays.asList(edges));
    TreeMap<Float, float[]> byWord = new TreeMap<>();
    for (float[] word : words) {
      byWord.put(word[0], word);
    }
    for (float[] word : known.words) {
      byWord.put(word[0], word);
    }
    return new SurfaceDesign(all.toArray(float[][]::new), byWord.values().toArray(float[][]::new));
  }

  /** Row of an edge. */
  int edge(float[] edge) {
    return Arrays.binarySearch(edges, edge, EDGES);
  }

  /** Row of a word. */
  int word(float[] word) {
    return Arrays.binarySearch(words, word, Comparator.comparingDouble(row -> row[0]));
  }

  /** Whether there is anything to learn from. */
  boolean isEmpty() {
    return edges.length == 0 || words.length == 0;
  }

  /** Which edges each text passes. */
  SparseRows traits(List<QuerySurface> surfaces) {
    int[][] index = new int[surfaces.size()][];
    float[][] value = new float[surfaces.size()][];
    int[] passed = new int[edges.length];
    for (int i = 0; i < index.length; i++) {
      float[] traits = surfaces.get(i).traits();
      int size = 0;
      for (int e = 0; e < edges.length; e++) {
        if (traits[(int) edges[e][0]] > edges[e][1]) {
          passed[size++] = e;
        }
      }
      index[i] = Arrays.copyOf(passed, size);
      value[i] = new float[size];
      Arrays.fill(value[i], 1);
    }
    return new SparseRows(edges.length, index, value);
  }

  /** The words of each text. */
  SparseRows words(List<QuerySurface> surfaces) {
    int[][] index = new int[surfaces.size()][];
    float[][] value = new float[surfaces.size()][];
    for (int i = 0; i < index.length; i++) {
      int[] all = surfaces.get(i).words();
      int[] known = new int[all.length];
      int size = 0;
      double squares = 0;
      for (int w = 0, row = 0; w < all.length; w++) {
        while (row < words.length && words[row][0] < all[w]) {
          row++;
        }
        if (row < words.length && words[row][0] == all[w]) {
          known[size++] = row;
          squares += (double) words[row][1] * words[row][1];
        }
      }
      index[i] = Arrays.copyOf(known, size);
      value[i] = new float[size];
      for (int j = 0; j < size; j++) {
        value[i][j] = (float) (words[index[i][j]][1] / Math.sqrt(squares));
      }
    }
    return new SparseRows(words.length, index, value);
  }
}
