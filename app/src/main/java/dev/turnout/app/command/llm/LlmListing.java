package dev.turnout.app.command.llm;

import dev.turnout.app.console.TextTable;
import dev.turnout.schema.LlmProfile;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code llms list} says. */
record LlmListing(Collection<LlmProfile> llms) {

  String text() {
    TextTable table =
        new TextTable(
            "LLM", "status", ">$/1M in", ">$/1M out", ">latency ms", "topic", "description");
    for (LlmProfile llm : llms) {
      table.row(
          llm.getId(),
          llm.getStatus().name().toLowerCase(Locale.ROOT),
          orDash(llm.getInputUsdPerMillionTokens()),
          orDash(llm.getOutputUsdPerMillionTokens()),
          orDash(llm.getExpectedLatencyMs()),
          llm.getTopic(),
          llm.getDescription());
    }
    return table.text();
  }

  Map<String, ?> json() {
    return Map.of("llms", llms.stream().map(LlmListing::json).toList());
  }

  private static Map<String, @Nullable Object> json(LlmProfile llm) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", llm.getId());
    object.put("status", llm.getStatus().name());
    object.put("topic", llm.getTopic());
    object.put("input_usd_per_million_tokens", llm.getInputUsdPerMillionTokens());
    object.put("output_usd_per_million_tokens", llm.getOutputUsdPerMillionTokens());
    object.put("cached_input_usd_per_million_tokens", llm.getCachedInputUsdPerMillionTokens());
    object.put("expected_output_tokens", llm.getExpectedOutputTokens());
    object.put("expected_latency_ms", llm.getExpectedLatencyMs());
    object.put("context_window", llm.getContextWindow());
    object.put("max_output_tokens", llm.getMaxOutputTokens());
    object.put("capabilities", llm.getCapabilities());
    object.put("description", llm.getDescription());
    return object;
  }

  private static String orDash(@Nullable Double value) {
    return value == null ? "-" : value.toString();
  }
}
