package dev.turnout.encoder;

/** Scaling to Euclidean length 1. */
public final class UnitVector {
  private UnitVector() {}

  /** Scales {@code vector} in place; a vector of zeros becomes the first axis. */
  public static void normalise(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (squares == 0) {
      vector[0] = 1;
      return;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
  }
}
