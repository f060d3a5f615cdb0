package dev.turnout.app.command.llm;

import dev.turnout.schema.LlmProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code llms add} may say of an LLM; what is not said keeps its value or stays unknown. */
final class LlmProfileOptions {

  @Option(names = "--input-price", paramLabel = "USD", description = "Price of 1M prompt tokens.")
  private @Nullable Double inputPrice;

  @Option(names = "--output-price", paramLabel = "USD", description = "Price of 1M answer tokens.")
  private @Nullable Double outputPrice;

  @Option(names = "--output-tokens", description = "Mean length of an answer in tokens.")
  private @Nullable Double outputTokens;

  @Option(names = "--latency", paramLabel = "MS", description = "Mean latency of an answer.")
  private @Nullable Double latency;

  @Option(names = "--context-window", description = "Largest prompt in tokens.")
  private @Nullable Long contextWindow;

  @Option(names = "--capability", description = "Free tag, e.g. code; repeatable.")
  private @Nullable List<String> capabilities;

  @Option(names = "--description", description = "A few words.")
  private @Nullable String description;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * Refuses what no LLM can have.
   *
   * @throws ParameterException naming the option
   */
  void check() {
    requireNotNegative("--input-price", inputPrice);
    requireNotNegative("--output-price", outputPrice);
    requireNotNegative("--output-tokens", outputTokens);
    requireNotNegative("--latency", latency);
    if (contextWindow != null && contextWindow < 1) {
      throw refused("--context-window", contextWindow, "1 or more");
    }
  }

  private void requireNotNegative(String option, @Nullable Double value) {
    if (value != null && !(value >= 0 && Double.isFinite(value))) {
      throw refused(option, value, "0 or more");
    }
  }

  private ParameterException refused(String option, Number value, String right) {
    return new ParameterException(
        command.commandLine(), option + " must be a number of " + right + ", not " + value);
  }

  /** Changes what was said; returns the same builder. */
  LlmProfile.Builder applyTo(LlmProfile.Builder profile) {
    if (inputPrice != null) {
      profile.setInputUsdPerMillionTokens(inputPrice);
    }
    if (outputPrice != null) {
      profile.setOutputUsdPerMillionTokens(outputPrice);
    }
    if (outputTokens != null) {
      profile.setExpectedOutputTokens(outputTokens);
    }
    if (latency != null) {
      profile.setExpectedLatencyMs(latency);
    }
    if (contextWindow != null) {
      profile.setContextWindow(contextWindow);
    }
    if (capabilities != null) {
      profile.setCapabilities(capabilities);
    }
    if (description != null) {
      profile.setDescription(description);
    }
    return profile;
  }
}
