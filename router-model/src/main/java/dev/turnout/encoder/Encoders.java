package dev.turnout.encoder;

import dev.turnout.encoder.lookup.StaticEncoder;

/** Opens encoders by their settings. */
public final class Encoders {
  private Encoders() {}

  /**
   * Opens an encoder and makes it ready to serve.
   *
   * @throws EncoderException if weights, tokenizer or engine are missing or unsuited
   */
  public static QueryEncoder open(EncoderSettings settings) {
    if (settings.kind() == EncoderSettings.Kind.TRANSFORMER) {
      throw new EncoderException("encoder: kind transformer is not built in; set kind to static");
    }
    int maxTokens =
        settings.maxTokens() > 0 ? settings.maxTokens() : StaticEncoder.DEFAULT_MAX_TOKENS;
    return StaticEncoder.open(maxTokens);
  }
}
