package dev.turnout.app.data;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.train.Progress;
import java.util.List;

/**
 * The training queries of a data set as vectors.
 *
 * @param queries the vectors
 * @param encodeSeconds seconds that encoding them took, now or when cached
 */
public record EncodedTraining(EncodedQueries queries, double encodeSeconds) {

  /** Encodes the training queries, or takes their vectors from the user's cache. */
  public static EncodedTraining of(
      OutcomeDataset dataset, QueryEncoder encoder, boolean cached, Progress progress) {
    List<QueryOutcomes> train = dataset.split(Split.TRAIN);
    EmbeddingCache.Entry entry =
        new TextEncoding(encoder, EmbeddingCache.of(cached), progress)
            .encode(
                "encoding training queries", train.stream().map(QueryOutcomes::question).toList());
    return new EncodedTraining(
        new EncodedQueries(dataset.llms(), train, entry.vectors()), entry.seconds());
  }
}
