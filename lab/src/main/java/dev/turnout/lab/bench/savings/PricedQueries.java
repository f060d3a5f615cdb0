package dev.turnout.lab.bench.savings;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recorded queries whose reward and cost are known of every LLM.
 *
 * @param llms LLM ids
 * @param queries them, at least one
 * @param tasks the tasks they belong to
 */
record PricedQueries(List<String> llms, List<QueryOutcomes> queries, List<String> tasks) {

  /**
   * Those of a data set.
   *
   * @throws CommandFailure if it has none
   */
  static PricedQueries of(OutcomeDataset dataset, String place) {
    List<QueryOutcomes> queries =
        dataset.queries().stream().filter(PricedQueries::isKnownOfAll).toList();
    if (queries.isEmpty()) {
      throw new CommandFailure(
          place
              + " holds no query with a grade and a cost of every LLM; savings need costs: see"
              + " \"costs\" and \"tokens\" in docs/train-on-your-outcomes.md");
    }
    List<String> tasks = new ArrayList<>();
    queries.stream().map(QueryOutcomes::dataset).distinct().forEach(tasks::add);
    return new PricedQueries(dataset.llms(), queries, tasks);
  }

  private static boolean isKnownOfAll(QueryOutcomes query) {
    return Arrays.stream(query.rewards()).noneMatch(Double::isNaN)
        && Arrays.stream(query.costsUsd()).noneMatch(Double::isNaN);
  }
}
