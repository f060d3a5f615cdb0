package dev.turnout.app.config;

import dev.turnout.encoder.EncoderSettings;
import java.util.Locale;
import java.util.Optional;

/**
 * Which encoder turns queries into vectors; the words are those of the keys.
 *
 * @param maxTokens longest text in tokens; 0 is what suits the kind
 * @param tokenBudget most tokens in one batch; 0 is what suits the device
 * @param threads of one forward pass, 0 for one a core
 */
public record EncoderConfig(
    String kind,
    String engine,
    String device,
    String precision,
    int maxTokens,
    int tokenBudget,
    int threads,
    Optional<String> modelUrl,
    Optional<String> tokenizerUrl) {

  static EncoderConfig from(ConfigValues values) {
    return new EncoderConfig(
        values.text("encoder.kind"),
        values.text("encoder.engine"),
        values.text("encoder.device"),
        values.text("encoder.precision"),
        values.whole("encoder.max-tokens"),
        values.whole("encoder.token-budget"),
        values.whole("encoder.threads"),
        values.optional("encoder.model-url"),
        values.optional("encoder.tokenizer-url"));
  }

  /**
   * The encoder's settings.
   *
   * @throws IllegalArgumentException if values do not go together, e.g. int8 on PyTorch
   */
  public EncoderSettings settings() {
    return new EncoderSettings(
        EncoderSettings.Kind.valueOf(upper(kind)),
        EncoderSettings.Engine.valueOf(upper(engine)),
        EncoderSettings.Device.valueOf(upper(device)),
        EncoderSettings.Precision.valueOf(upper(precision)),
        maxTokens,
        tokenBudget,
        modelUrl.orElse(null),
        tokenizerUrl.orElse(null),
        threads);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
