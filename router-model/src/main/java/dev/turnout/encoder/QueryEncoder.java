package dev.turnout.encoder;

import dev.turnout.encoder.minilm.MiniLmText;
import java.util.List;

/**
 * Maps texts to unit-normalised vectors. Safe for use by several threads; calls may be serialised
 * inside.
 */
public interface QueryEncoder extends AutoCloseable {

  /** What this encoder is; stamped into every model, decision and sample. */
  EncoderId id();

  /**
   * Encodes a batch. Implementations sort by length and split under their token budget themselves,
   * so callers hand over all they have.
   *
   * @param texts any texts; blank ones are allowed
   * @return one vector a text, in the order of {@code texts}: {@code
   *     float[texts.size()][id().dimension()]}, each of Euclidean length 1
   * @throws EncoderException if the batch cannot be encoded; no partial result is returned
   */
  float[][] encode(List<String> texts);

  /**
   * Encodes texts whose word pieces are known, for encoders that have a use for them.
   *
   * @return what {@link #encode} returns for the same texts
   * @throws EncoderException as {@link #encode} throws it
   */
  default float[][] encodeTokenized(List<MiniLmText> texts) {
    return encode(texts.stream().map(MiniLmText::text).toList());
  }

  /** Releases native memory; the encoder is unusable afterwards. Idempotent. */
  @Override
  void close();
}
