package dev.turnout.app.data.read;

import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.DataOrigin;
import dev.turnout.app.data.origin.FileOrigin;
import dev.turnout.app.data.origin.SplitOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers rows whose LLMs become known as they are read and aligns them at the end. */
final class OutcomeCollector {
  /** One query as read: values by LLM id, rewards already scored. */
  record Row(
      String id,
      String dataset,
      Split split,
      String question,
      Map<String, Double> rewards,
      Map<String, Double> costsUsd,
      Map<String, String> answers) {}

  private record Part(String file, String format, SplitOrigin split) {}

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Integer> llmIndex = new LinkedHashMap<>();
  private final Map<Part, Integer> parts = new LinkedHashMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  /** Adds an LLM column even if no row ever grades it. */
  void addLlm(String llm) {
    llmIndex.putIfAbsent(llm, llmIndex.size());
  }

  /** Adds a row of a file. */
  void add(Row row, String file, String format, SplitOrigin split) {
    row.rewards().keySet().forEach(this::addLlm);
    rows.add(row);
    parts.merge(new Part(file, format, split), 1, Integer::sum);
  }

  /** Keeps what a user should look at; the same thing twice counts once. */
  void warn(String warning) {
    warnings.add(warning);
  }

  OutcomeDataset toDataset(Map<String, LlmPrice> prices) {
    List<QueryOutcomes> queries = new ArrayList<>(rows.size());
    for (Row row : rows) {
      queries.add(
          new QueryOutcomes(
              row.id(),
              row.dataset(),
              row.split(),
              row.question(),
              aligned(row.rewards()),
              aligned(row.costsUsd()),
              row.answers().isEmpty()
                  ? List.of()
                  : llmIndex.keySet().stream()
                      .map(llm -> row.answers().getOrDefault(llm, ""))
                      .toList()));
    }
    List<FileOrigin> files = new ArrayList<>();
    parts.forEach(
        (part, count) ->
            files.add(new FileOrigin(part.file(), part.format(), count, part.split())));
    return new OutcomeDataset(
        List.copyOf(llmIndex.keySet()),
        queries,
        prices,
        new DataOrigin(files, List.copyOf(warnings)));
  }

  private double[] aligned(Map<String, Double> values) {
    double[] array = new double[llmIndex.size()];
    Arrays.fill(array, Double.NaN);
    values.forEach(
        (llm, value) -> {
          Integer index = llmIndex.get(llm);
          if (index != null) {
            array[index] = value;
          }
        });
    return array;
  }
}
