package dev.turnout.encoder;

import dev.turnout.encoder.EncoderSettings.Kind;
import dev.turnout.encoder.statictokens.StaticEncoder;

/** Opens encoders by their settings. */
public final class Encoders {
  private Encoders() {}

  /**
   * Opens an encoder and makes it ready to serve. The static encoder loads neither a transformer
   * nor a native library.
   *
   * @throws EncoderException if weights, tokenizer or engine are missing or unsuited
   */
  public static QueryEncoder open(EncoderSettings settings) {
    if (settings.kind() == Kind.HYBRID) {
      return new HybridEncoder(TransformerEncoder.open(settings), openStatic(settings));
    }
    return isTransformer(settings) ? TransformerEncoder.open(settings) : openStatic(settings);
  }

  private static QueryEncoder openStatic(EncoderSettings settings) {
    return StaticEncoder.open(
        settings.maxTokens() > 0 ? settings.maxTokens() : StaticEncoder.DEFAULT_MAX_TOKENS);
  }

  private static boolean isTransformer(EncoderSettings settings) {
    return settings.kind() == Kind.TRANSFORMER
        || settings.modelUrl() != null
        || (settings.kind() == Kind.AUTO && TransformerEncoder.hasGpu());
  }
}
