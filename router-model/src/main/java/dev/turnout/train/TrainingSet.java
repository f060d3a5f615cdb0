package dev.turnout.train;

import dev.turnout.encoder.surface.QuerySurface;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Graded queries as vectors. The arrays are not copied and must not change while in use.
 *
 * @param llms LLM ids
 * @param embeddings {@code float[queries][encoder dimension]}
 * @param rewards {@code float[queries][llms]}, 0..1; NaN = not graded: neither good nor bad
 * @param group index of each query's data set (task), >= 0; a single group is fine
 * @param weights importance of each query, >= 0; 1 for all when every query counts alike, 1 /
 *     propensity for samples of a serving router
 * @param texts of the queries; null when unknown
 * @param surfaces of the queries' texts, from which a success head is learnt; null when the texts
 *     are not at hand
 * @param answers what the answers to each query took; null when no cost is
 */
public record TrainingSet(
    List<String> llms,
    float[][] embeddings,
    float[][] rewards,
    int[] group,
    float[] weights,
    @Nullable List<String> texts,
    @Nullable List<QuerySurface> surfaces,
    @Nullable List<RecordedAnswers> answers) {
  public TrainingSet {
    llms = List.copyOf(llms);
    texts = texts == null ? null : List.copyOf(texts);
    surfaces = surfaces == null ? null : List.copyOf(surfaces);
    int queries = embeddings.length;
    answers = answers == null ? null : List.copyOf(answers);
    requireOneEach(queries, surfaces, "surfaces");
    requireOneEach(queries, answers, "recorded answers");
    if (llms.isEmpty() || queries == 0) {
      throw new IllegalArgumentException(
          "nothing to train on: " + llms.size() + " LLMs, " + queries + " queries");
    }
    if (rewards.length != queries
        || group.length != queries
        || weights.length != queries
        || (texts != null && texts.size() != queries)) {
      throw new IllegalArgumentException(
          "lengths differ: "
              + queries
              + " embeddings, "
              + rewards.length
              + " rewards, "
              + group.length
              + " groups, "
              + weights.length
              + " weights, "
              + (texts == null ? "no" : texts.size())
              + " texts");
    }
    for (int i = 0; i < queries; i++) {
      if (rewards[i].length != llms.size()) {
        throw new IllegalArgumentException(
            "query " + i + " has " + rewards[i].length + " rewards for " + llms.size() + " LLMs");
      }
      if (answers != null && answers.get(i).size() != llms.size()) {
        throw new IllegalArgumentException(
            "query " + i + " has " + answers.get(i).size() + " costs for " + llms.size() + " LLMs");
      }
      if (embeddings[i].length != embeddings[0].length) {
        throw new IllegalArgumentException(
            "query "
                + i
                + " has "
                + embeddings[i].length
                + " dimensions, query 0 has "
                + embeddings[0].length);
      }
      if (!(weights[i] >= 0) || group[i] < 0) {
        throw new IllegalArgumentException(
            "query " + i + " has weight " + weights[i] + " and group " + group[i]);
      }
    }
  }

  private static void requireOneEach(int queries, @Nullable List<?> each, String what) {
    if (each != null && each.size() != queries) {
      throw new IllegalArgumentException(
          "lengths differ: " + queries + " embeddings, " + each.size() + " " + what);
    }
  }

  /** Queries whose texts are not at hand. */
  public TrainingSet(
      List<String> llms, float[][] embeddings, float[][] rewards, int[] group, float[] weights) {
    this(llms, embeddings, rewards, group, weights, null, null);
  }

  /** Queries of whose answers no cost is recorded. */
  public TrainingSet(
      List<String> llms,
      float[][] embeddings,
      float[][] rewards,
      int[] group,
      float[] weights,
      @Nullable List<String> texts,
      @Nullable List<QuerySurface> surfaces) {
    this(llms, embeddings, rewards, group, weights, texts, surfaces, null);
  }

  /** The same queries with the surfaces of their texts. */
  public TrainingSet withSurfaces(List<QuerySurface> known) {
    return new TrainingSet(llms, embeddings, rewards, group, weights, texts, known, answers);
  }

  /** The same queries with what their answers took; null for nothing. */
  public TrainingSet withAnswers(@Nullable List<RecordedAnswers> known) {
    return new TrainingSet(llms, embeddings, rewards, group, weights, texts, surfaces, known);
  }

  /** All weights 1. */
  public static TrainingSet of(
      List<String> llms, float[][] embeddings, float[][] rewards, int[] group) {
    float[] weights = new float[embeddings.length];
    Arrays.fill(weights, 1);
    return new TrainingSet(llms, embeddings, rewards, group, weights);
  }

  /** The same queries with their texts. */
  public TrainingSet withTexts(List<String> known) {
    return new TrainingSet(llms, embeddings, rewards, group, weights, known, surfaces, answers);
  }

  /** Number of queries. */
  public int size() {
    return embeddings.length;
  }

  /** Length of the vectors. */
  public int dimension() {
    return embeddings[0].length;
  }

  /** The same grades under another list of LLMs; those that this set does not know are ungraded. */
  public TrainingSet withLlms(List<String> others) {
    float[][] moved = new float[size()][others.size()];
    for (int t = 0; t < others.size(); t++) {
      int from = llms.indexOf(others.get(t));
      for (int i = 0; i < size(); i++) {
        moved[i][t] = from < 0 ? Float.NaN : rewards[i][from];
      }
    }
    int[] from = others.stream().mapToInt(llms::indexOf).toArray();
    return new TrainingSet(
        others,
        embeddings,
        moved,
        group,
        weights,
        texts,
        surfaces,
        answers == null ? null : answers.stream().map(each -> each.withLlms(from)).toList());
  }

  /** The queries at the given indices, sharing their arrays. */
  public TrainingSet subset(int[] indices) {
    float[][] someEmbeddings = new float[indices.length][];
    float[][] someRewards = new float[indices.length][];
    int[] someGroups = new int[indices.length];
    float[] someWeights = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      someEmbeddings[i] = embeddings[indices[i]];
      someRewards[i] = rewards[indices[i]];
      someGroups[i] = group[indices[i]];
      someWeights[i] = weights[indices[i]];
    }
    return new TrainingSet(
        llms,
        someEmbeddings,
        someRewards,
        someGroups,
        someWeights,
        some(texts, indices),
        some(surfaces, indices),
        some(answers, indices));
  }

  private static <T> @Nullable List<T> some(@Nullable List<T> of, int[] indices) {
    return of == null ? null : Arrays.stream(indices).mapToObj(of::get).toList();
  }
}
