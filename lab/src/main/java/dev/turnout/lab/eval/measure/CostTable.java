package dev.turnout.lab.eval.measure;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What answers cost and what a router can expect them to cost. A recorded cost counts as it is;
 * else it is estimated from the price, a token of input per {@value LlmPrice#CHARACTERS_PER_TOKEN}
 * characters and a stated mean length of the output.
 *
 * @param llms LLM ids
 * @param prices price of each LLM, null where unknown
 * @param meanCosts mean recorded cost of each LLM on the training queries in USD, NaN where unknown
 * @param outputTokens assumed tokens of an answer where costs are estimated
 */
public record CostTable(
    List<String> llms, List<Optional<LlmPrice>> prices, double[] meanCosts, double outputTokens) {
  public CostTable {
    llms = List.copyOf(llms);
    prices = List.copyOf(prices);
  }

  /** The costs of a data set; empty unless every LLM has a price or a recorded cost. */
  public static Optional<CostTable> of(OutcomeDataset dataset, double outputTokens) {
    List<Optional<LlmPrice>> prices = new ArrayList<>();
    dataset.llms().forEach(llm -> prices.add(Optional.ofNullable(dataset.prices().get(llm))));
    double[] means = new double[dataset.llms().size()];
    List<QueryOutcomes> train = dataset.split(Split.TRAIN);
    for (int t = 0; t < means.length; t++) {
      int llm = t;
      means[t] =
          train.stream()
              .mapToDouble(query -> query.costsUsd()[llm])
              .filter(cost -> !Double.isNaN(cost))
              .average()
              .orElse(Double.NaN);
      if (Double.isNaN(means[t]) && prices.get(t).isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(new CostTable(dataset.llms(), prices, means, outputTokens));
  }

  /** True when some costs are estimates. */
  public boolean estimated() {
    for (double mean : meanCosts) {
      if (Double.isNaN(mean)) {
        return true;
      }
    }
    return false;
  }

  /** What a router can know beforehand, {@code double[queries][llms]} in USD. */
  public double[][] expected(EncodedQueries queries) {
    double[][] costs = new double[queries.size()][llms.size()];
    for (int i = 0; i < costs.length; i++) {
      for (int t = 0; t < costs[i].length; t++) {
        costs[i][t] =
            Double.isNaN(meanCosts[t])
                ? estimate(t, queries.queries().get(i).question())
                : meanCosts[t];
      }
    }
    return costs;
  }

  /** What the answers cost, {@code double[queries][llms]} in USD; estimated where not recorded. */
  public double[][] actual(EncodedQueries queries) {
    return withKnown(
        expected(queries),
        queries.queries().stream().map(QueryOutcomes::costsUsd).toArray(double[][]::new));
  }

  /**
   * Expected costs, with those that are better known, as from records or a model, where any are.
   */
  public static double[][] withKnown(double[][] expected, double[][] known) {
    double[][] costs = new double[expected.length][];
    for (int i = 0; i < costs.length; i++) {
      costs[i] = expected[i].clone();
      for (int t = 0; t < costs[i].length; t++) {
        costs[i][t] = Double.isNaN(known[i][t]) ? costs[i][t] : known[i][t];
      }
    }
    return costs;
  }

  private double estimate(int llm, String question) {
    double inputTokens = LlmPrice.inputTokens(question);
    return prices
        .get(llm)
        .map(price -> price.costUsd(inputTokens, outputTokens))
        .orElse(Double.NaN);
  }
}
