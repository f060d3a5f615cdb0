package dev.turnout.app.command.export;

import dev.turnout.schema.TrainingSample;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Grades and costs of the answers to one query, of whatever LLM and by whatever grader. */
final class GradedAnswers {
  private final String tenant;
  private final Map<String, Map<String, Double>> rewards = new TreeMap<>();
  private final Map<String, Double> costs = new TreeMap<>();

  GradedAnswers(String tenant) {
    this.tenant = tenant;
  }

  /** Takes in a sample; a grader's later grade replaces its earlier one. */
  void add(TrainingSample sample) {
    rewards
        .computeIfAbsent(sample.getLlm(), unused -> new HashMap<>())
        .put(sample.getGrader(), sample.getReward());
    Double cost = sample.getCostUsd();
    if (cost != null) {
      costs.put(sample.getLlm(), cost);
    }
  }

  String tenant() {
    return tenant;
  }

  /** Mean over the graders, by LLM. */
  Map<String, Double> scores() {
    Map<String, Double> scores = new LinkedHashMap<>();
    rewards.forEach(
        (llm, byGrader) ->
            scores.put(
                llm,
                byGrader.values().stream().mapToDouble(Double::doubleValue).average().orElse(0)));
    return scores;
  }

  /** Cost of each answer that has one, in USD, by LLM. */
  Map<String, Double> costs() {
    return costs;
  }
}
