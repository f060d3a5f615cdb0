package dev.turnout.model;

import dev.turnout.math.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes {@link QueryFeatures}; training and serving both go through it, so that a model sees in
 * service exactly what it was trained on. Holds scratch space: confined to one thread.
 */
public final class FeatureWriter {
  private final QueryFeatures features;
  private final float[] mean;
  private final float[] x;
  private final float[][] columns;
  private final float[] products;
  private final BankWriter[] banks;
  private final int[] nearest;
  private final int banksEnd;

  public FeatureWriter(QueryFeatures features) {
    this(features, List.of());
  }

  /**
   * A writer that multiplies x with further matrices in the same pass, because one wide product is
   * several times faster than many narrow ones.
   *
   * @param further matrices of encoder dimension columns; see {@link #product(int)}
   */
  FeatureWriter(QueryFeatures features, List<Matrix> further) {
    this.features = features;
    this.mean = features.mean().row(0);
    this.x = new float[mean.length];
    List<float[]> rows = new ArrayList<>();
    List<BankWriter> writers = new ArrayList<>();
    for (CellBank bank : features.banks()) {
      writers.add(new BankWriter(bank, rows.size()));
      rows.addAll(Arrays.asList(bank.centroids().toRows()));
    }
    this.banks = writers.toArray(BankWriter[]::new);
    this.nearest = new int[banks.length];
    this.banksEnd = rows.size();
    for (Matrix matrix : further) {
      rows.addAll(Arrays.asList(matrix.toRows()));
    }
    this.columns =
        rows.isEmpty() ? new float[0][] : Matrix.of(rows.toArray(float[][]::new)).transposed();
    this.products = new float[rows.size()];
  }

  /**
   * Writes phi of one query.
   *
   * @param embedding {@code float[encoder dimension]}
   * @param phi {@code float[features.size()]}, overwritten; starts with x
   * @return the nearest cell of the first bank, -1 without banks
   */
  public int write(float[] embedding, float[] phi) {
    if (embedding.length != x.length) {
      throw new IllegalArgumentException(
          "the query vector has "
              + embedding.length
              + " dimensions, the model expects "
              + x.length);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = embedding[i] - mean[i];
    }
    if (features.normalise()) {
      float factor = (float) (1 / Math.max(Vectors.length(x), 1e-9));
      for (int i = 0; i < x.length; i++) {
        x[i] *= factor;
      }
    }
    System.arraycopy(x, 0, phi, 0, x.length);
    Arrays.fill(products, 0);
    Projection.accumulate(x, columns, products);
    int offset = x.length;
    for (int b = 0; b < banks.length; b++) {
      nearest[b] = banks[b].write(x, products, phi, offset) + offset - x.length;
      offset += banks[b].cells();
    }
    phi[offset] = 1;
    return banks.length == 0 ? -1 : nearest[0];
  }

  /** Features of many queries: {@code float[queries][features.size()]}. */
  public float[][] writeAll(float[][] embeddings) {
    float[][] all = new float[embeddings.length][features.size()];
    for (int i = 0; i < embeddings.length; i++) {
      write(embeddings[i], all[i]);
    }
    return all;
  }

  /** Nearest cell in every bank of the query written last, counted through all banks; a copy. */
  int[] cells() {
    return nearest.clone();
  }

  /** The centred, perhaps normalised vector of the query written last; valid until the next. */
  float[] centred() {
    return x;
  }

  /** Product of the query written last with one row of the further matrices, counted through. */
  float product(int row) {
    return products[banksEnd + row];
  }

  /** Memberships of one clustering, with its scratch space. */
  private static final class BankWriter {
    private final CellBank bank;
    private final int first;
    private final float[] halfSquares;
    private final float[] affinity;

    BankWriter(CellBank bank, int first) {
      this.bank = bank;
      this.first = first;
      this.affinity = new float[bank.cells()];
      this.halfSquares = new float[bank.cells()];
      for (int c = 0; c < halfSquares.length; c++) {
        halfSquares[c] = (float) (Vectors.squaredLength(bank.centroids().row(c)) / 2);
      }
    }

    int cells() {
      return affinity.length;
    }

    /** Writes the memberships at the offset and returns the nearest cell. */
    int write(float[] x, float[] products, float[] out, int offset) {
      int nearest = 0;
      for (int c = 0; c < affinity.length; c++) {
        affinity[c] = products[first + c] - halfSquares[c];
        nearest = affinity[c] > affinity[nearest] ? c : nearest;
      }
      float weight = (float) bank.weight();
      switch (bank.membership()) {
        case HARD -> {
          Arrays.fill(out, offset, offset + affinity.length, 0);
          out[offset + nearest] = weight;
        }
        case SOFT -> {
          double sum = 0;
          for (int c = 0; c < affinity.length; c++) {
            double share = Math.exp((affinity[c] - affinity[nearest]) / bank.scale());
            out[offset + c] = (float) share;
            sum += share;
          }
          for (int c = 0; c < affinity.length; c++) {
            out[offset + c] *= (float) (weight / sum);
          }
        }
        case KERNEL -> {
          double halfSquare = Vectors.squaredLength(x) / 2;
          for (int c = 0; c < affinity.length; c++) {
            double squares = Math.min(0, affinity[c] - halfSquare);
            out[offset + c] = (float) (weight * Math.exp(squares / bank.scale()));
          }
        }
      }
      return nearest;
    }
  }
}
