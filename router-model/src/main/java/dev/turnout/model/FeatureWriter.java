package dev.turnout.model;

import java.util.Arrays;

/**
 * Computes {@link QueryFeatures}; training and serving both go through it, so that a model sees in
 * service exactly what it was trained on. Holds scratch space: confined to one thread.
 */
public final class FeatureWriter {
  private final QueryFeatures features;
  private final float[] mean;
  private final BankWriter[] banks;
  private final float[] x;

  public FeatureWriter(QueryFeatures features) {
    this.features = features;
    this.mean = features.mean().row(0);
    this.banks = features.banks().stream().map(BankWriter::new).toArray(BankWriter[]::new);
    this.x = new float[mean.length];
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
      float factor = (float) (1 / Math.max(Projection.length(x), 1e-9));
      for (int i = 0; i < x.length; i++) {
        x[i] *= factor;
      }
    }
    System.arraycopy(x, 0, phi, 0, x.length);
    int offset = x.length;
    int cell = -1;
    for (int b = 0; b < banks.length; b++) {
      int nearest = banks[b].write(x, phi, offset);
      cell = b == 0 ? nearest : cell;
      offset += banks[b].cells();
    }
    phi[offset] = 1;
    return cell;
  }

  /** Features of many queries: {@code float[queries][features.size()]}. */
  public float[][] writeAll(float[][] embeddings) {
    float[][] all = new float[embeddings.length][features.size()];
    for (int i = 0; i < embeddings.length; i++) {
      write(embeddings[i], all[i]);
    }
    return all;
  }

  /** The centred, perhaps normalised vector of the query written last; valid until the next. */
  float[] centred() {
    return x;
  }

  /** Memberships of one clustering, with its scratch space. */
  private static final class BankWriter {
    private final CellBank bank;
    private final float[] centroidColumns;
    private final float[] halfSquares;
    private final float[] affinity;

    BankWriter(CellBank bank) {
      this.bank = bank;
      this.centroidColumns = bank.centroids().transposed();
      this.affinity = new float[bank.cells()];
      this.halfSquares = new float[bank.cells()];
      for (int c = 0; c < halfSquares.length; c++) {
        halfSquares[c] = (float) (Projection.squaredLength(bank.centroids().row(c)) / 2);
      }
    }

    int cells() {
      return affinity.length;
    }

    /** Writes the memberships at the offset and returns the nearest cell. */
    int write(float[] x, float[] out, int offset) {
      Arrays.fill(affinity, 0);
      Projection.accumulate(x, x.length, centroidColumns, affinity);
      int nearest = 0;
      for (int c = 0; c < affinity.length; c++) {
        affinity[c] -= halfSquares[c];
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
          double halfSquare = Projection.squaredLength(x) / 2;
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
