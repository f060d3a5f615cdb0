package dev.turnout.lab.eval.fold;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.lab.eval.measure.CostTable;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What answers cost in every fold: as recorded; else by prices; else, for two LLMs, a call to the
 * better one costs 1 and to the other 0, as RouteLLM counts.
 *
 * @param table recorded costs and prices; empty without any
 * @param strong the better of two LLMs without costs or prices; -1 where there is none
 */
record FoldCosts(Optional<CostTable> table, int strong) {

  static FoldCosts of(OutcomeDataset dataset, EncodedQueries queries, double outputTokens) {
    Optional<CostTable> table = CostTable.of(dataset, outputTokens);
    boolean pair = table.isEmpty() && queries.llms().size() == 2;
    return new FoldCosts(table, pair ? Rewards.best(Rewards.taskMeans(queries)) : -1);
  }

  boolean known() {
    return table.isPresent() || strong >= 0;
  }

  /** Whether money or calls are counted, for people. */
  String words(EncodedQueries queries) {
    if (table.isPresent()) {
      return table.get().estimated() ? "USD, estimated from prices" : "USD, as recorded";
    }
    return strong < 0 ? "unknown" : "share of calls to " + queries.llms().get(strong);
  }

  /** What is known of the costs of queries beforehand, from the training queries alone. */
  double[][] expected(EncodedQueries train, EncodedQueries queries) {
    return table
        .map(
            known ->
                new CostTable(known.llms(), known.prices(), means(train), known.outputTokens())
                    .expected(queries))
        .orElseGet(() -> calls(queries));
  }

  /** What the answers cost. */
  double[][] actual(EncodedQueries queries) {
    return table.map(known -> known.actual(queries)).orElseGet(() -> calls(queries));
  }

  private double[][] calls(EncodedQueries queries) {
    double[][] calls = new double[queries.size()][queries.llms().size()];
    for (double[] row : calls) {
      if (strong >= 0) {
        row[strong] = 1;
      }
    }
    return calls;
  }

  private static double[] means(EncodedQueries train) {
    return IntStream.range(0, train.llms().size())
        .mapToDouble(
            t ->
                train.queries().stream()
                    .map(QueryOutcomes::costsUsd)
                    .mapToDouble(costs -> costs[t])
                    .filter(cost -> !Double.isNaN(cost))
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }
}
