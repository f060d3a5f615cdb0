package dev.turnout.app.command.query;

import dev.turnout.app.console.TextTable;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.LogText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A decision for people, and as JSON. */
record DecisionReport(RoutingDecision decision, Optional<Outcome> outcome) {

  void print(PrintWriter out) {
    out.println("-> " + LogText.visible(decision.getLlm()));
    out.println("   " + LogText.visible(decision.getReason()));
    if (decision.getOutOfDistribution()) {
      out.println("   The query is far from what the model was trained on.");
    }
    if (decision.getFallback() != Fallback.NONE) {
      out.println("   Fallback: " + words(decision.getFallback()));
    }
    out.println();
    TextTable table =
        new TextTable(
            ">rank", "LLM", ">score", ">R(x)", ">success", ">cost", ">latency", ">propensity", "");
    int rank = 1;
    for (LlmScore score : decision.getRanking()) {
      table.row(
          rank++,
          score.getLlm(),
          format("%.3f", score.getScore()),
          format("%.3f", score.getProbability()),
          format("%.0f %%", 100 * score.getPredictedSuccess()),
          score.getExpectedCostUsd() == null ? "-" : format("$%.5f", score.getExpectedCostUsd()),
          score.getExpectedLatencyMs() == null
              ? "-"
              : format("%.0f ms", score.getExpectedLatencyMs()),
          format("%.3f", score.getPropensity()),
          score.getEligible() ? "" : "not eligible: " + score.getIneligibleReason());
    }
    out.print(table.text());
    out.println();
    out.println(
        format(
            "   policy %s, model %s, encoder %s",
            decision.getPolicy(), decision.getModelVersion(), decision.getEncoderId()));
    out.println(
        format(
            "   queued %.1f ms, encoded %.2f ms (batch of %d), decided %.2f ms",
            decision.getQueueMicros() / 1e3,
            decision.getEncodeMicros() / 1e3,
            decision.getBatchSize(),
            decision.getDecideMicros() / 1e3));
    outcome.ifPresent(
        answered -> {
          out.println();
          out.println(
              answered.getAnswer() == null
                  ? answered.getStatus() + ": " + answered.getError()
                  : answered.getAnswer());
        });
  }

  Map<String, @Nullable Object> json() {
    List<Map<String, @Nullable Object>> ranking = new ArrayList<>();
    for (LlmScore score : decision.getRanking()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("llm", score.getLlm());
      entry.put("score", score.getScore());
      entry.put("probability", score.getProbability());
      entry.put("predicted_success", score.getPredictedSuccess());
      entry.put("expected_cost_usd", score.getExpectedCostUsd());
      entry.put("expected_latency_ms", score.getExpectedLatencyMs());
      entry.put("propensity", score.getPropensity());
      entry.put("eligible", score.getEligible());
      entry.put("ineligible_reason", score.getIneligibleReason());
      ranking.add(entry);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("query_id", decision.getQueryId());
    json.put("llm", decision.getLlm());
    json.put("reason", decision.getReason());
    json.put("propensity", decision.getPropensity());
    json.put("policy", decision.getPolicy());
    json.put("explored", decision.getExplored());
    json.put("out_of_distribution", decision.getOutOfDistribution());
    json.put("fallback", decision.getFallback().name());
    json.put("model_version", decision.getModelVersion());
    json.put("encoder", decision.getEncoderId());
    json.put("ranking", ranking);
    json.put("answer", outcome.map(Outcome::getAnswer).orElse(null));
    return json;
  }

  private static String words(Fallback fallback) {
    return fallback.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
