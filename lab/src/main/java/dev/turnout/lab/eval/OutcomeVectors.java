package dev.turnout.lab.eval;

import dev.turnout.app.data.EmbeddingCache;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.EncodedTraining;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.eval.measure.Nonsense;
import dev.turnout.train.Progress;
import java.util.List;

/**
 * A data set as vectors, with what they took.
 *
 * @param splits the vectors
 * @param trainEncodeSeconds seconds that encoding the training queries took, now or when cached
 */
public record OutcomeVectors(EncodedSplits splits, double trainEncodeSeconds) {
  private static final long NONSENSE_SEED = 1;

  /** Encodes everything that an evaluation needs. */
  public static OutcomeVectors of(
      OutcomeDataset dataset, QueryEncoder encoder, boolean cached, Progress progress) {
    TextEncoding encoding = new TextEncoding(encoder, EmbeddingCache.of(cached), progress);
    List<String> testTexts = texts(dataset.split(Split.TEST));
    return of(
        dataset,
        EncodedTraining.of(dataset, encoder, cached, progress),
        encoding,
        encoded(
            "encoding shuffled words", Nonsense.shuffledWords(testTexts, NONSENSE_SEED), encoding),
        encoded(
            "encoding shuffled letters",
            Nonsense.shuffledLetters(testTexts, NONSENSE_SEED),
            encoding));
  }

  /** Encodes the queries alone: enough for accuracies, too little for the guard. */
  static OutcomeVectors withoutNonsense(
      OutcomeDataset dataset, QueryEncoder encoder, boolean cached, Progress progress) {
    return of(
        dataset,
        EncodedTraining.of(dataset, encoder, cached, progress),
        new TextEncoding(encoder, EmbeddingCache.of(cached), progress),
        EncodedTexts.none(),
        EncodedTexts.none());
  }

  private static OutcomeVectors of(
      OutcomeDataset dataset,
      EncodedTraining training,
      TextEncoding encoding,
      EncodedTexts shuffledWords,
      EncodedTexts shuffledLetters) {
    return new OutcomeVectors(
        new EncodedSplits(
            training.queries(),
            encoded(dataset, Split.TEST, encoding),
            encoded(dataset, Split.OOD, encoding),
            shuffledWords,
            shuffledLetters),
        training.encodeSeconds());
  }

  private static EncodedTexts encoded(String stage, List<String> texts, TextEncoding encoding) {
    return new EncodedTexts(texts, encoding.encode(stage, texts).vectors());
  }

  private static EncodedQueries encoded(
      OutcomeDataset dataset, Split split, TextEncoding encoding) {
    List<QueryOutcomes> queries = dataset.split(split);
    String stage =
        "encoding " + (split == Split.TEST ? "test" : "out-of-distribution") + " queries";
    return new EncodedQueries(
        dataset.llms(), queries, encoding.encode(stage, texts(queries)).vectors());
  }

  private static List<String> texts(List<QueryOutcomes> queries) {
    return queries.stream().map(QueryOutcomes::question).toList();
  }
}
