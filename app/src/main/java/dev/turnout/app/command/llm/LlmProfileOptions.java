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

  @Option(
      names = "--cached-input-price",
      paramLabel = "USD",
      description = "Price of 1M prompt tokens that the LLM has in its cache.")
  private @Nullable Double cachedInputPrice;

  @Option(names = "--output-price", paramLabel = "USD", description = "Price of 1M answer tokens.")
  private @Nullable Double outputPrice;

  @Option(
      names = "--output-tokens",
      description = "Mean length of an answer in tokens, until outcomes tell it.")
  private @Nullable Double outputTokens;

  @Option(names = "--latency", paramLabel = "MS", description = "Mean latency of an answer.")
  private @Nullable Double latency;

  @Option(names = "--context-window", description = "Largest prompt in tokens.")
  private @Nullable Long contextWindow;

  @Option(names = "--max-output-tokens", description = "Longest answer in tokens.")
  private @Nullable Long maxOutputTokens;

  @Option(
      names = "--capability",
      description =
          "What it can do: tools, vision, audio, document, json-schema, text if none of these, or a"
              + " free tag, e.g. code; repeatable.")
  private @Nullable List<String> capabilities;

  @Option(
      names = "--on-demand",
      negatable = true,
      description =
          "Requests that wait start its workers, as with an autoscaler that goes down to none:"
              + " without a worker it stays available.")
  private @Nullable Boolean onDemand;

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
    requireNotNegative("--cached-input-price", cachedInputPrice);
    requireNotNegative("--output-price", outputPrice);
    requireNotNegative("--output-tokens", outputTokens);
    requireNotNegative("--latency", latency);
    requirePositive("--context-window", contextWindow);
    requirePositive("--max-output-tokens", maxOutputTokens);
  }

  private void requirePositive(String option, @Nullable Long value) {
    if (value != null && value < 1) {
      throw refused(option, value, "1 or more");
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
    if (cachedInputPrice != null) {
      profile.setCachedInputUsdPerMillionTokens(cachedInputPrice);
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
    if (maxOutputTokens != null) {
      profile.setMaxOutputTokens(maxOutputTokens);
    }
    if (onDemand != null) {
      profile.setOnDemand(onDemand);
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
