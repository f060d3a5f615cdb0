package dev.turnout.app.command.train;

import dev.turnout.app.console.TextTable;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.FileOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * What was understood of outcome data.
 *
 * @param dataset the data
 * @param llms one row an LLM
 * @param tasks task to its queries in each split, in the order of {@link Split}
 * @param warnings what a user should look at
 */
record DataCheck(
    OutcomeDataset dataset, List<LlmRow> llms, Map<String, int[]> tasks, List<String> warnings) {
  private static final List<Split> SPLITS = List.of(Split.values());
  private static final double FULL = 1;

  /**
   * One LLM.
   *
   * @param llm its id
   * @param coverage share of the queries on which it is graded
   * @param reward mean of its grades, 0..1; NaN without any
   * @param costs share of the queries with a recorded cost
   * @param answers share of the queries with an answer
   * @param priced whether the price file names it
   */
  record LlmRow(
      String llm, double coverage, double reward, double costs, double answers, boolean priced) {}

  static DataCheck of(OutcomeDataset dataset) {
    List<LlmRow> llms = new ArrayList<>();
    for (int t = 0; t < dataset.llms().size(); t++) {
      llms.add(row(dataset, t));
    }
    Map<String, int[]> tasks = new LinkedHashMap<>();
    for (QueryOutcomes query : dataset.queries()) {
      int[] count = tasks.computeIfAbsent(query.dataset(), task -> new int[SPLITS.size()]);
      count[SPLITS.indexOf(query.split())]++;
    }
    return new DataCheck(dataset, llms, tasks, warnings(dataset, llms));
  }

  private static LlmRow row(OutcomeDataset dataset, int llm) {
    double graded = 0;
    double sum = 0;
    double costs = 0;
    double answers = 0;
    for (QueryOutcomes query : dataset.queries()) {
      double reward = query.rewards()[llm];
      graded += Double.isNaN(reward) ? 0 : 1;
      sum += Double.isNaN(reward) ? 0 : reward;
      costs += Double.isNaN(query.costsUsd()[llm]) ? 0 : 1;
      answers += query.answers().isEmpty() || query.answers().get(llm).isBlank() ? 0 : 1;
    }
    String name = dataset.llms().get(llm);
    double all = Math.max(1, dataset.queries().size());
    return new LlmRow(
        name,
        graded / all,
        sum / graded,
        costs / all,
        answers / all,
        dataset.prices().containsKey(name));
  }

  private static List<String> warnings(OutcomeDataset dataset, List<LlmRow> llms) {
    List<String> warnings = new ArrayList<>(dataset.origin().warnings());
    if (dataset.split(Split.TRAIN).isEmpty()) {
      warnings.add("there are no training queries; add queries of the split train");
    } else if (dataset.split(Split.TEST).isEmpty()) {
      warnings.add(
          "there are no test queries: judge with eval --folds 5, or add queries of the split test");
    }
    for (LlmRow row : llms) {
      if (Double.isNaN(row.reward())) {
        warnings.add("%s is never graded, so it cannot be routed to".formatted(row.llm()));
      }
    }
    List<LlmRow> partly = llms.stream().filter(row -> row.coverage() < FULL).toList();
    partly.stream()
        .min(Comparator.comparingDouble(LlmRow::coverage))
        .ifPresent(
            least ->
                warnings.add(
                    "%d of %d LLMs are not graded on every query, least %s with %.1f %%; where a choice has no grade it does not count"
                        .formatted(
                            partly.size(), llms.size(), least.llm(), 100 * least.coverage())));
    List<String> unpriced =
        llms.stream().filter(row -> !row.priced() && row.costs() == 0).map(LlmRow::llm).toList();
    if (!unpriced.isEmpty()) {
      warnings.add(
          "no price or cost of %s, so cost is not weighed; add a prices.json beside the data"
              .formatted(unpriced.size() == llms.size() ? "any LLM" : unpriced));
    }
    List<String> strangers =
        dataset.prices().keySet().stream()
            .filter(llm -> !dataset.llms().contains(llm))
            .sorted()
            .toList();
    if (!strangers.isEmpty()) {
      warnings.add(
          "prices.json names %s, of which there are no outcomes; check how they are written"
              .formatted(strangers));
    }
    return warnings;
  }

  /** For people, ending in a line break. */
  String text(String place, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %,d queries, %d tasks, %d LLMs%n%n"
            .formatted(place, dataset.queries().size(), tasks.size(), dataset.llms().size()));
    TextTable files = TextTable.ruled(ansi, "file", "queries", "format", "split");
    for (FileOrigin file : dataset.origin().files()) {
      files.row(file.name(), file.queries(), file.format(), file.split().words());
    }
    text.append(files.text()).append('\n');
    TextTable table = TextTable.ruled(ansi, "task", "training", "test", "OOD");
    tasks.forEach((task, counts) -> table.row(task, counts[0], counts[1], counts[2]));
    text.append(table.text()).append('\n');
    TextTable models =
        TextTable.ruled(
            ansi, "LLM", "graded", "mean reward", "costs", "answers", "USD per 1M in / out");
    for (LlmRow row : llms) {
      LlmPrice price = dataset.prices().get(row.llm());
      models.row(
          row.llm(),
          percent(row.coverage()),
          Double.isNaN(row.reward()) ? "–" : "%.3f".formatted(row.reward()),
          percent(row.costs()),
          percent(row.answers()),
          price == null
              ? "–"
              : "%s / %s".formatted(price.inputUsdPerMillion(), price.outputUsdPerMillion()));
    }
    text.append(models.text());
    text.append(warnings.isEmpty() ? "%nno warnings%n".formatted() : "%nwarnings%n".formatted());
    warnings.forEach(warning -> text.append("  ").append(warning).append('\n'));
    return text.toString();
  }

  /** What {@code --json} prints. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("queries", dataset.queries().size());
    json.put("files", dataset.origin().files());
    json.put("tasks", tasks);
    json.put("llms", llms);
    json.put("warnings", warnings);
    return json;
  }

  private static String percent(double share) {
    return share == 0 ? "–" : "%.1f %%".formatted(100 * share);
  }
}
