package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.data.Split;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision with its answers and grades, as the connector {@code TurnoutFileSink} writes them with
 * {@code rows=joined}: the tenant is the task, a checksum of the text puts 80 % into training, the
 * score of an LLM is the mean over its graders, of each the latest.
 */
final class JoinedOutcome {
  private JoinedOutcome() {}

  static boolean is(JsonNode node) {
    return node.path("queryId").isTextual() && node.path("grades").isArray();
  }

  /** As an outcome; null if it has no text, or nobody graded it. */
  static OutcomeCollector.@Nullable Row row(String place, JsonNode node, ScoringRules rules) {
    Map<String, Map<String, Double>> grades = new LinkedHashMap<>();
    for (JsonNode grade : node.path("grades")) {
      String field = place + ", field \"grades\"";
      double reward = OutcomeFields.number(field, grade.path("reward"));
      if (!Double.isNaN(reward)) {
        grades
            .computeIfAbsent(OutcomeFields.text(field, grade, "llm"), llm -> new LinkedHashMap<>())
            .put(OutcomeFields.text(field, grade, "grader"), reward);
      }
    }
    if (grades.isEmpty() || !node.path("text").isTextual()) {
      return null;
    }
    String text = OutcomeFields.text(place, node, "text");
    String task = OutcomeFields.text(place, node, "tenant");
    Map<String, Double> rewards = new LinkedHashMap<>();
    grades.forEach(
        (llm, byGrader) ->
            rewards.put(
                llm,
                OutcomeFields.reward(
                    place + ", grades of " + llm,
                    byGrader.values().stream().mapToDouble(Double::doubleValue).average().orElse(0),
                    rules.of(task))));
    Map<String, Double> costs = new LinkedHashMap<>();
    Map<String, String> answers = new LinkedHashMap<>();
    for (JsonNode answer : node.path("answers")) {
      String field = place + ", field \"answers\"";
      String llm = OutcomeFields.text(field, answer, "llm");
      if (answer.hasNonNull("costUsd")) {
        costs.put(llm, OutcomeFields.amount(field, answer.path("costUsd")));
      }
      if (answer.path("answer").isTextual()) {
        answers.put(llm, answer.path("answer").textValue());
      }
    }
    return new OutcomeCollector.Row(
        OutcomeFields.text(place, node, "queryId"),
        task,
        Split.byChecksum(text),
        text,
        rewards,
        costs,
        answers);
  }
}
