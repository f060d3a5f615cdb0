package dev.turnout.app.config;

import java.util.Optional;

/**
 * Which encoder turns queries into vectors; the words are those of the keys.
 *
 * @param maxTokens longest text in tokens
 * @param tokenBudget most tokens in one forward pass
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
}
