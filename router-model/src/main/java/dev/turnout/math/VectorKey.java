package dev.turnout.math;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A vector as a key of a map: equal where all coordinates are, bit by bit. Unlike a buffer's, its
 * hash is of the whole coordinates and not of their integer parts, which are 0 for all vectors of
 * length 1.
 *
 * @param vector must not change while it is a key
 */
public record VectorKey(float[] vector) {
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VectorKey key && Arrays.equals(vector, key.vector);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(vector);
  }
}
