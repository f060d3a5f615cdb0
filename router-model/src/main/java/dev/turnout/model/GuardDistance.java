package dev.turnout.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Measures {@link Guard} distances; holds scratch space, so confined to one thread. */
final class GuardDistance {
  private final double threshold;
  private final float @Nullable [] whiteningColumns;
  private final float[] prototypeColumns;
  private final float[] halfSquares;
  private final float[] whitened;
  private final float[] affinity;
  private final float[] nearest;

  GuardDistance(Guard guard) {
    this.threshold = guard.threshold();
    Matrix whitening = guard.whitening();
    this.whiteningColumns = whitening == null ? null : whitening.transposed();
    this.whitened = new float[guard.prototypes().columns()];
    this.prototypeColumns = guard.prototypes().transposed();
    this.affinity = new float[guard.prototypes().rows()];
    this.halfSquares = new float[affinity.length];
    for (int p = 0; p < affinity.length; p++) {
      halfSquares[p] = (float) (Projection.squaredLength(guard.prototypes().row(p)) / 2);
    }
    this.nearest = new float[guard.neighbours()];
  }

  double threshold() {
    return threshold;
  }

  /** Mean squared distance of x to its nearest prototypes. */
  double of(float[] x) {
    float[] point = x;
    if (whiteningColumns != null) {
      Arrays.fill(whitened, 0);
      Projection.accumulate(x, x.length, whiteningColumns, whitened);
      point = whitened;
    }
    Arrays.fill(affinity, 0);
    Projection.accumulate(point, point.length, prototypeColumns, affinity);
    Arrays.fill(nearest, Float.NEGATIVE_INFINITY);
    for (int p = 0; p < affinity.length; p++) {
      insert(affinity[p] - halfSquares[p]);
    }
    double sum = 0;
    for (float value : nearest) {
      sum += value;
    }
    return Math.max(0, Projection.squaredLength(point) - 2 * sum / nearest.length);
  }

  private void insert(float value) {
    int last = nearest.length - 1;
    if (value <= nearest[last]) {
      return;
    }
    int slot = last;
    while (slot > 0 && nearest[slot - 1] < value) {
      nearest[slot] = nearest[slot - 1];
      slot--;
    }
    nearest[slot] = value;
  }
}
