package dev.turnout.gateway.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/** Decisions and outcomes as JSON. */
public final class RecordJson {

  private RecordJson() {}

  /** An outcome, and the decision if it is known. */
  public static ObjectNode outcome(Outcome outcome, @Nullable RoutingDecision decision) {
    ObjectNode json = Json.object();
    json.put("id", outcome.getQueryId());
    json.put("llm", outcome.getLlm());
    json.put("status", outcome.getStatus().name());
    json.put("answer", outcome.getAnswer());
    // the worker's own words name what is inside
    json.put("error", outcome.getError() == null ? null : Failures.of(outcome).message());
    json.put("costUsd", outcome.getCostUsd());
    json.put("latencyMs", outcome.getLatencyMs());
    json.put("attempt", outcome.getAttempt());
    Json.parse(outcome.getResponse()).ifPresent(response -> json.set("response", response));
    if (decision != null) {
      json.set("decision", decision(decision));
    }
    return json;
  }

  /** A decision. */
  public static ObjectNode decision(RoutingDecision decision) {
    ObjectNode json = Json.object();
    json.put("id", decision.getQueryId());
    json.put("llm", decision.getLlm());
    json.put("reason", decision.getReason());
    json.put("policy", decision.getPolicy());
    json.put("propensity", decision.getPropensity());
    json.put("explored", decision.getExplored());
    json.put("outOfDistribution", decision.getOutOfDistribution());
    json.put("fallback", decision.getFallback().name());
    json.put("modelVersion", decision.getModelVersion());
    json.put("encoderId", decision.getEncoderId());
    json.put("decidedAt", decision.getDecidedAt().toString());
    ArrayNode ranking = json.putArray("ranking");
    for (LlmScore score : decision.getRanking()) {
      ranking
          .addObject()
          .put("llm", score.getLlm())
          .put("score", score.getScore())
          .put("probability", score.getProbability())
          .put("predictedSuccess", score.getPredictedSuccess())
          .put("expectedCostUsd", score.getExpectedCostUsd())
          .put("expectedLatencyMs", score.getExpectedLatencyMs())
          .put("propensity", score.getPropensity())
          .put("eligible", score.getEligible())
          .put("ineligibleReason", score.getIneligibleReason());
    }
    return json;
  }
}
