package dev.turnout.app.data;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.train.RecordedAnswers;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Queries with outcomes and their vectors.
 *
 * @param llms LLM ids in the order of every reward array
 * @param queries the queries
 * @param embeddings {@code float[queries][encoder dimension]}, not copied, must not change
 */
public record EncodedQueries(List<String> llms, List<QueryOutcomes> queries, float[][] embeddings) {
  public EncodedQueries {
    llms = List.copyOf(llms);
    queries = List.copyOf(queries);
    if (queries.size() != embeddings.length) {
      throw new IllegalArgumentException(
          queries.size() + " queries but " + embeddings.length + " embeddings");
    }
  }

  public int size() {
    return embeddings.length;
  }

  /** The queries that have a grade, as recipes take them; every query counts alike. */
  public TrainingSet trainingSet() {
    return trainingSet(Map.of());
  }

  /**
   * The same, with the lengths of answers whose cost is recorded.
   *
   * @param prices that these costs are made of
   */
  public TrainingSet trainingSet(Map<String, LlmPrice> prices) {
    EncodedQueries kept = graded();
    return TrainingSet.of(kept.llms, kept.embeddings, kept.rewards(), kept.taskIndices())
        .withTexts(kept.texts())
        .withSurfaces(kept.surfaces())
        .withAnswers(kept.recorded(prices));
  }

  /** What answers cost, and their lengths where prices tell them; null when no cost is recorded. */
  private @Nullable List<RecordedAnswers> recorded(Map<String, LlmPrice> prices) {
    boolean none =
        queries.stream()
            .flatMapToDouble(query -> Arrays.stream(query.costsUsd()))
            .allMatch(Double::isNaN);
    return none ? null : queries.stream().map(query -> recorded(query, prices)).toList();
  }

  private RecordedAnswers recorded(QueryOutcomes query, Map<String, LlmPrice> prices) {
    double[] tokens = new double[llms.size()];
    for (int t = 0; t < tokens.length; t++) {
      LlmPrice price = prices.get(llms.get(t));
      tokens[t] =
          price == null ? Double.NaN : price.outputTokens(query.costsUsd()[t], query.question());
    }
    return new RecordedAnswers(query.costsUsd(), tokens);
  }

  /** The questions. */
  public List<String> texts() {
    return queries.stream().map(QueryOutcomes::question).toList();
  }

  /** The surfaces of the questions' texts. */
  public List<QuerySurface> surfaces() {
    return texts().stream().map(SurfaceReader.shared()::read).toList();
  }

  /** The queries that have a grade. */
  public EncodedQueries graded() {
    float[][] rewards = rewards();
    return subset(IntStream.range(0, rewards.length).filter(i -> graded(rewards[i])).toArray());
  }

  private static boolean graded(float[] rewards) {
    return IntStream.range(0, rewards.length).anyMatch(t -> !Float.isNaN(rewards[t]));
  }

  /** The queries at the given positions. */
  public EncodedQueries subset(int[] positions) {
    List<QueryOutcomes> some = new ArrayList<>(positions.length);
    float[][] vectors = new float[positions.length][];
    for (int i = 0; i < positions.length; i++) {
      some.add(queries.get(positions[i]));
      vectors[i] = embeddings[positions[i]];
    }
    return new EncodedQueries(llms, some, vectors);
  }

  /** {@code float[queries][llms]}, NaN where not graded. */
  public float[][] rewards() {
    float[][] rewards = new float[size()][llms.size()];
    for (int i = 0; i < rewards.length; i++) {
      double[] row = queries.get(i).rewards();
      for (int t = 0; t < row.length; t++) {
        rewards[i][t] = (float) row[t];
      }
    }
    return rewards;
  }

  /** Task names in order of first appearance. */
  public List<String> tasks() {
    return queries.stream().map(QueryOutcomes::dataset).distinct().toList();
  }

  /** Index of each query's task in {@link #tasks()}. */
  public int[] taskIndices() {
    Map<String, Integer> index = new LinkedHashMap<>();
    int[] indices = new int[size()];
    for (int i = 0; i < indices.length; i++) {
      String task = queries.get(i).dataset();
      index.putIfAbsent(task, index.size());
      indices[i] = index.get(task);
    }
    return indices;
  }
}
