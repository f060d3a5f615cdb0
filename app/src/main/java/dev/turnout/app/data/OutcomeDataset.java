package dev.turnout.app.data;

import dev.turnout.app.data.origin.DataOrigin;
import java.util.List;
import java.util.Map;

/**
 * Outcomes of several LLMs on many queries.
 *
 * @param llms LLM ids in the order of every reward array
 * @param queries all queries of all splits, in file order
 * @param prices price of each LLM that has one; may be empty, may hold LLMs without outcomes
 * @param origin what was understood of the files
 */
public record OutcomeDataset(
    List<String> llms,
    List<QueryOutcomes> queries,
    Map<String, LlmPrice> prices,
    DataOrigin origin) {
  public OutcomeDataset {
    llms = List.copyOf(llms);
    queries = List.copyOf(queries);
    prices = Map.copyOf(prices);
  }

  /** Outcomes that come from no file. */
  public OutcomeDataset(
      List<String> llms, List<QueryOutcomes> queries, Map<String, LlmPrice> prices) {
    this(llms, queries, prices, DataOrigin.NONE);
  }

  /** The queries of one split, in file order. */
  public List<QueryOutcomes> split(Split split) {
    return queries.stream().filter(query -> query.split() == split).toList();
  }
}
