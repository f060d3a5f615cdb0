package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.SplitOrigin;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes outcomes as JSON objects, of whatever file: {@code {"id": "train/17", "dataset": "gsm8k",
 * "question": "…", "scores": {"llm": 0.4}}}. The part of the id before the first slash is the
 * split. Optional: {@code "costs": {"llm": USD}}, {@code "tokens": {"llm": {"input": n, "output":
 * n}}} (priced by {@code prices.json}), {@code "answers": {"llm": "…"}}. An object that is a
 * decision joined with its answers and grades is taken as {@link JoinedOutcome} says.
 */
final class OutcomeObjects {
  private final ScoringRules rules;
  private final Map<String, LlmPrice> prices;
  private final OutcomeCollector collector = new OutcomeCollector();
  private final Map<String, Integer> leftOut = new LinkedHashMap<>();

  /**
   * @param folder where rules and prices may stand
   */
  OutcomeObjects(Path folder) {
    this.rules = ScoringRules.asRecorded().overriddenIn(folder);
    this.prices = PriceFile.read(folder);
  }

  /**
   * Takes a row of a file.
   *
   * @param place for errors
   * @param format of the file, for people
   * @param shape remedy for what is no such object
   * @throws OutcomeDataException if something in it cannot be used
   */
  void add(String place, Path file, String format, JsonNode node, String shape) {
    if (!node.isObject()) {
      throw new OutcomeDataException(place, "is not a JSON object", shape);
    }
    String name = String.valueOf(file.getFileName());
    if (!JoinedOutcome.is(node)) {
      collector.add(row(place, node), name, format, SplitOrigin.ID);
      return;
    }
    OutcomeCollector.Row row = JoinedOutcome.row(place, node, rules);
    if (row == null) {
      leftOut.merge(file.toString(), 1, Integer::sum);
    } else {
      collector.add(row, name, format, SplitOrigin.CHECKSUM);
    }
  }

  OutcomeDataset toDataset() {
    leftOut.forEach(
        (file, count) ->
            collector.warn(
                "%s: %,d decisions have no grade, or no text, and are left out"
                    .formatted(file, count)));
    return collector.toDataset(prices);
  }

  private OutcomeCollector.Row row(String place, JsonNode node) {
    String id = OutcomeFields.text(place, node, "id");
    String task = TaskName.withoutSplit(OutcomeFields.text(place, node, "dataset"));
    Map<String, Double> costs = OutcomeFields.amounts(place, node, "costs");
    node.path("tokens")
        .properties()
        .forEach(
            entry -> {
              LlmPrice price = prices.get(entry.getKey());
              if (price != null) {
                String field = place + ", field \"tokens." + entry.getKey();
                costs.putIfAbsent(
                    entry.getKey(),
                    price.costUsd(
                        OutcomeFields.amount(field + ".input\"", entry.getValue().path("input")),
                        OutcomeFields.amount(
                            field + ".output\"", entry.getValue().path("output"))));
              }
            });
    Map<String, String> answers = new LinkedHashMap<>();
    node.path("answers")
        .properties()
        .forEach(entry -> answers.put(entry.getKey(), entry.getValue().asText("")));
    return new OutcomeCollector.Row(
        id,
        task,
        split(place, id),
        OutcomeFields.question(place, node),
        OutcomeFields.rewards(place, node, rules.of(task)),
        costs,
        answers);
  }

  private static Split split(String place, String id) {
    return Split.named(id.substring(0, Math.max(0, id.indexOf('/'))))
        .orElseThrow(
            () ->
                new OutcomeDataException(
                    place + ", field \"id\"",
                    "does not say the split: \"" + id + "\"",
                    "begin the id with train/, test/ or ood/"));
  }
}
