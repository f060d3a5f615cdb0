package dev.turnout.router;

import org.jspecify.annotations.Nullable;

/**
 * Queries encoded together.
 *
 * @param vectors {@code float[queries][dimension]}, unit-normalised; null when encoding failed
 * @param preparation how it went
 */
record EncodedChunk(float @Nullable [][] vectors, Preparation preparation) {

  static EncodedChunk failed(Preparation preparation) {
    return new EncodedChunk(null, preparation);
  }
}
