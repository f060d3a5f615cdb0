package dev.turnout.app.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.SplitOrigin;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON Lines, plain or gzip: {@code {"id": "train/17", "dataset": "gsm8k", "question": "…",
 * "scores": {"llm": 0.4}}}. The part of the id before the first slash is the split. Optional:
 * {@code "costs": {"llm": USD}}, {@code "tokens": {"llm": {"input": n, "output": n}}} (priced by
 * {@code prices.json}), {@code "answers": {"llm": "…"}}.
 */
final class JsonLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SHAPE =
      "each line must be one JSON object"
          + " {\"id\": \"train/1\", \"dataset\": …, \"question\": …, \"scores\": {llm: number}}";

  private JsonLines() {}

  static OutcomeDataset read(Path folder, List<Path> files) {
    ScoringRules rules = ScoringRules.asRecorded().overriddenIn(folder);
    Map<String, LlmPrice> prices = PriceFile.read(folder);
    OutcomeCollector collector = new OutcomeCollector();
    for (Path file : files) {
      read(file, rules, prices, collector);
    }
    return collector.toDataset(prices);
  }

  private static void read(
      Path file, ScoringRules rules, Map<String, LlmPrice> prices, OutcomeCollector collector) {
    int line = 0;
    try (BufferedReader reader = OutcomeFiles.reader(file)) {
      String text;
      while ((text = reader.readLine()) != null) {
        line++;
        if (!text.isBlank()) {
          collector.add(
              row(file + " line " + line, MAPPER.readTree(text), rules, prices),
              file.getFileName().toString(),
              "JSON Lines",
              SplitOrigin.ID);
        }
      }
    } catch (JsonProcessingException e) {
      throw new OutcomeDataException(
          file + " line " + line + JsonPlace.column(e), e.getOriginalMessage(), SHAPE, e);
    } catch (IOException e) {
      throw new OutcomeDataException(
          file + " line " + (line + 1), "cannot be read: " + e, "check the file", e);
    }
  }

  private static OutcomeCollector.Row row(
      String place, JsonNode node, ScoringRules rules, Map<String, LlmPrice> prices) {
    if (!node.isObject()) {
      throw new OutcomeDataException(place, "is not a JSON object", SHAPE);
    }
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
