package dev.turnout.app.command.llm;

import dev.turnout.app.console.TextTable;
import dev.turnout.availability.Unavailable;
import dev.turnout.availability.WorkerReports;
import dev.turnout.schema.LlmProfile;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code llms list} says.
 *
 * @param workers what their workers said last, heard at zero and before
 * @param unavailable what follows of it
 */
record LlmListing(
    Collection<LlmProfile> llms, WorkerReports workers, Map<String, Unavailable> unavailable) {

  /** The reports' clock. */
  private static final long NOW = 0;

  LlmListing(Collection<LlmProfile> llms, WorkerReports workers) {
    this(llms, workers, workers.unavailable(NOW));
  }

  String text() {
    TextTable table =
        new TextTable(
            "LLM",
            "status",
            "available",
            ">$/1M in",
            ">$/1M out",
            ">latency ms",
            "topic",
            "description");
    for (LlmProfile llm : llms) {
      table.row(
          llm.getId(),
          llm.getStatus().name().toLowerCase(Locale.ROOT),
          availability(llm),
          orDash(llm.getInputUsdPerMillionTokens()),
          orDash(llm.getOutputUsdPerMillionTokens()),
          orDash(llm.getExpectedLatencyMs()),
          llm.getTopic(),
          llm.getDescription());
    }
    return table.text();
  }

  Map<String, ?> json() {
    return Map.of("llms", llms.stream().map(this::json).toList());
  }

  /** An LLM of which no worker reports may have a pool that knows nothing of reports. */
  private String availability(LlmProfile llm) {
    Unavailable why = why(llm);
    if (why != null) {
      return why.text();
    }
    long living = living(llm.getId());
    if (living == 0 && llm.getOnDemand()) {
      return "on demand";
    }
    return living == 0 ? "no reports" : living == 1 ? "by 1 worker" : "by " + living + " workers";
  }

  private @Nullable Unavailable why(LlmProfile llm) {
    Unavailable why = unavailable.get(llm.getId());
    return why != null && why.holdsFor(llm) ? why : null;
  }

  private long living(String llm) {
    return workers.of(llm).stream().filter(report -> report.lives(NOW)).count();
  }

  private Map<String, @Nullable Object> json(LlmProfile llm) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", llm.getId());
    object.put("status", llm.getStatus().name());
    Unavailable why = why(llm);
    object.put("available", why == null);
    object.put("unavailable_reason", why == null ? null : why.text());
    object.put("workers", living(llm.getId()));
    object.put("topic", llm.getTopic());
    object.put("input_usd_per_million_tokens", llm.getInputUsdPerMillionTokens());
    object.put("output_usd_per_million_tokens", llm.getOutputUsdPerMillionTokens());
    object.put("cached_input_usd_per_million_tokens", llm.getCachedInputUsdPerMillionTokens());
    object.put("expected_output_tokens", llm.getExpectedOutputTokens());
    object.put("expected_latency_ms", llm.getExpectedLatencyMs());
    object.put("context_window", llm.getContextWindow());
    object.put("max_output_tokens", llm.getMaxOutputTokens());
    object.put("on_demand", llm.getOnDemand());
    object.put("capabilities", llm.getCapabilities());
    object.put("description", llm.getDescription());
    return object;
  }

  private static String orDash(@Nullable Double value) {
    return value == null ? "-" : value.toString();
  }
}
