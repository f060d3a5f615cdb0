package dev.turnout.lab.replay;

import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.lab.simulation.SimulatedQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The recorded outcomes with their vectors; queries not graded for every LLM are left out.
 *
 * @param llms LLM ids
 * @param prices of the LLMs that have one
 * @param texts by query id
 * @param train queries of the stream
 * @param test queries like them
 * @param shifted queries unlike them
 */
public record ReplayData(
    List<String> llms,
    Map<String, LlmPrice> prices,
    Map<String, String> texts,
    List<SimulatedQuery> train,
    List<SimulatedQuery> test,
    List<SimulatedQuery> shifted) {
  /** Assumed tokens of an answer where prices are known but no costs. */
  static final double OUTPUT_TOKENS = 256;

  /** Encodes recorded outcomes. */
  public static ReplayData of(OutcomeDataset dataset, QueryEncoder encoder) {
    Map<String, String> texts = new HashMap<>();
    return new ReplayData(
        dataset.llms(),
        dataset.prices(),
        texts,
        encode(dataset, Split.TRAIN, encoder, texts),
        encode(dataset, Split.TEST, encoder, texts),
        encode(dataset, Split.OOD, encoder, texts));
  }

  private static List<SimulatedQuery> encode(
      OutcomeDataset dataset, Split split, QueryEncoder encoder, Map<String, String> texts) {
    List<QueryOutcomes> queries =
        dataset.split(split).stream().filter(ReplayData::isGradedForAll).toList();
    if (queries.isEmpty()) {
      return List.of();
    }
    float[][] vectors = encoder.encode(queries.stream().map(QueryOutcomes::question).toList());
    List<String> tasks = new ArrayList<>();
    List<SimulatedQuery> graded = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      QueryOutcomes query = queries.get(i);
      if (!tasks.contains(query.dataset())) {
        tasks.add(query.dataset());
      }
      texts.put(query.id(), query.question());
      graded.add(
          new SimulatedQuery(
              query.id(),
              vectors[i],
              SurfaceReader.shared().read(query.question()),
              query.rewards(),
              costs(dataset, query),
              tasks.indexOf(query.dataset())));
    }
    return graded;
  }

  /** As recorded; else by the price, for an answer of usual length. */
  private static double[] costs(OutcomeDataset dataset, QueryOutcomes query) {
    double[] costs = query.costsUsd().clone();
    for (int t = 0; t < costs.length; t++) {
      LlmPrice price = dataset.prices().get(dataset.llms().get(t));
      if (Double.isNaN(costs[t]) && price != null) {
        double prompt = LlmPrice.inputTokens(query.question());
        costs[t] = price.costUsd(prompt, OUTPUT_TOKENS);
      }
    }
    return costs;
  }

  private static boolean isGradedForAll(QueryOutcomes query) {
    for (double reward : query.rewards()) {
      if (Double.isNaN(reward)) {
        return false;
      }
    }
    return true;
  }
}
