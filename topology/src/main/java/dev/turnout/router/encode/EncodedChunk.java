package dev.turnout.router.encode;

import org.jspecify.annotations.Nullable;

/**
 * Queries encoded together.
 *
 * @param vectors {@code float[queries][dimension]}, unit-normalised; null when encoding failed
 * @param preparation how it went
 */
public record EncodedChunk(float @Nullable [][] vectors, EncodingTiming preparation) {

  static EncodedChunk failed(EncodingTiming preparation) {
    return new EncodedChunk(null, preparation);
  }
}
