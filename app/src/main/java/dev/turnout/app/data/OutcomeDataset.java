package dev.turnout.app.data;

import java.util.List;
import java.util.Map;

/**
 * Outcomes of several LLMs on many queries.
 *
 * @param llms LLM ids in the order of every reward array
 * @param queries all queries of all splits, in file order
 * @param prices price of each LLM that has one; may be empty, may hold LLMs without outcomes
 */
public record OutcomeDataset(
    List<String> llms, List<QueryOutcomes> queries, Map<String, LlmPrice> prices) {
  public OutcomeDataset {
    llms = List.copyOf(llms);
    queries = List.copyOf(queries);
    prices = Map.copyOf(prices);
  }

  /** The queries of one split, in file order. */
  public List<QueryOutcomes> split(Split split) {
    return queries.stream().filter(query -> query.split() == split).toList();
  }
}
