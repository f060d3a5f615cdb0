package dev.turnout.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import org.jspecify.annotations.Nullable;

/** Makes the JSON that clients get. */
final class AnswerWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  private AnswerWriter() {}

  /** As OpenAI's chat-completions API answers. */
  static ObjectNode chat(Outcome outcome) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", "chatcmpl-" + outcome.getQueryId());
    json.put("object", "chat.completion");
    json.put("created", outcome.getFinishedAt().getEpochSecond());
    json.put("model", outcome.getLlm());
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", outcome.getAnswer());
    choice.put("finish_reason", "stop");
    long prompt = outcome.getPromptTokens() == null ? 0 : outcome.getPromptTokens();
    long completion = outcome.getCompletionTokens() == null ? 0 : outcome.getCompletionTokens();
    json.putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
    return json;
  }

  static ObjectNode outcome(Outcome outcome, @Nullable RoutingDecision decision) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", outcome.getQueryId());
    json.put("llm", outcome.getLlm());
    json.put("status", outcome.getStatus().name());
    json.put("answer", outcome.getAnswer());
    json.put("error", outcome.getError());
    json.put("costUsd", outcome.getCostUsd());
    json.put("latencyMs", outcome.getLatencyMs());
    if (decision != null) {
      json.set("decision", decision(decision));
    }
    return json;
  }

  static ObjectNode decision(RoutingDecision decision) {
    ObjectNode json = JSON.createObjectNode();
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

  /** As OpenAI's API reports errors. */
  static ObjectNode error(String type, @Nullable String code, String message) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("error").put("message", message).put("type", type).put("code", code);
    return json;
  }
}
