package dev.turnout.lab.eval.fold;

import dev.turnout.app.data.EmbeddingCache;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ways of holding out queries of one data set. Where the files have a split, folds are dealt
 * from the training queries alone; else from all queries.
 *
 * @param queries what folds are dealt from
 * @param whole true when the files have no split, so that these are all queries
 */
public record FoldEvaluation(
    OutcomeDataset dataset,
    EncodedQueries queries,
    boolean whole,
    TextEncoding encoding,
    Recipe recipe,
    int seeds,
    double outputTokens,
    Progress progress) {
  /** Tasks are left out in at most so many groups unless told otherwise. */
  public static final int TASK_GROUPS = 10;

  /** Encodes what folds are dealt from. */
  public static FoldEvaluation of(
      OutcomeDataset dataset,
      QueryEncoder encoder,
      Recipe recipe,
      int seeds,
      double outputTokens,
      boolean cached,
      Progress progress) {
    boolean whole = dataset.origin().withoutSplit();
    List<QueryOutcomes> dealt = whole ? dataset.queries() : dataset.split(Split.TRAIN);
    TextEncoding encoding = new TextEncoding(encoder, EmbeddingCache.of(cached), progress);
    EncodedQueries queries = encoded(dataset, dealt, encoding, "encoding queries");
    return new FoldEvaluation(
        dataset, queries.graded(), whole, encoding, recipe, seeds, outputTokens, progress);
  }

  /** What folds are dealt from, for people. */
  public String words() {
    return whole
        ? "%,d queries; the files have no split, so folds are dealt from all of them"
            .formatted(queries.size())
        : "%,d training queries; folds are dealt from them alone, the others are not read"
            .formatted(queries.size());
  }

  /** Folds by question, dealt anew with every seed. */
  public FoldResult byQuestion(int folds) {
    return study(queries)
        .run(folds + " folds by question", seed -> FoldPlan.byQuestion(queries, folds, seed));
  }

  /**
   * Tasks left out in turn.
   *
   * @param groups at most so many folds
   */
  public FoldResult byTask(int groups) {
    int tasks = queries.tasks().size();
    if (tasks < 2) {
      throw new IllegalArgumentException("the data has a single task, which cannot be left out");
    }
    String protocol =
        tasks <= groups
            ? "each of " + tasks + " tasks left out"
            : tasks + " tasks left out in " + groups + " groups";
    return study(queries).run(protocol, seed -> FoldPlan.byTask(queries, groups));
  }

  /** The splits that the files have: in distribution and out of it. */
  public List<FoldResult> bySplit() {
    List<FoldResult> results = new ArrayList<>();
    for (Split split : List.of(Split.TEST, Split.OOD)) {
      List<QueryOutcomes> some = whole ? List.of() : dataset.split(split);
      if (!some.isEmpty()) {
        EncodedQueries judged =
            encoded(
                    dataset,
                    some,
                    encoding,
                    split == Split.TEST ? "encoding test queries" : "encoding OOD queries")
                .graded();
        EncodedQueries both = joined(queries, judged);
        results.add(
            study(both)
                .run(
                    split == Split.TEST ? "test queries" : "out-of-distribution queries",
                    seed -> FoldPlan.split(queries.size(), both.size())));
      }
    }
    return results;
  }

  private FoldStudy study(EncodedQueries all) {
    return new FoldStudy(
        all,
        FoldCosts.of(dataset, all, outputTokens),
        FoldRouter.all(recipe, encoding.encoder().id()),
        seeds,
        progress);
  }

  private static EncodedQueries encoded(
      OutcomeDataset dataset, List<QueryOutcomes> some, TextEncoding encoding, String stage) {
    return new EncodedQueries(
        dataset.llms(),
        some,
        encoding.encode(stage, some.stream().map(QueryOutcomes::question).toList()).vectors());
  }

  private static EncodedQueries joined(EncodedQueries first, EncodedQueries second) {
    List<QueryOutcomes> queries = new ArrayList<>(first.queries());
    queries.addAll(second.queries());
    float[][] vectors = Arrays.copyOf(first.embeddings(), queries.size());
    IntStream.range(0, second.size())
        .forEach(i -> vectors[first.size() + i] = second.embeddings()[i]);
    return new EncodedQueries(first.llms(), queries, vectors);
  }
}
