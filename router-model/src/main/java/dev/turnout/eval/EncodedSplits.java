package dev.turnout.eval;

import dev.turnout.data.EncodedQueries;
import dev.turnout.train.TrainingSet;
import java.util.stream.IntStream;

/**
 * A data set as vectors of one encoder.
 *
 * @param train training queries
 * @param test queries in distribution
 * @param ood queries out of distribution; may be empty
 * @param shuffledWords vectors of {@link Nonsense#shuffledWords} of the test queries
 * @param shuffledLetters vectors of {@link Nonsense#shuffledLetters} of the test queries
 */
public record EncodedSplits(
    EncodedQueries train,
    EncodedQueries test,
    EncodedQueries ood,
    float[][] shuffledWords,
    float[][] shuffledLetters) {

  /** The training queries that have a grade, as recipes take them. */
  public TrainingSet trainingSet() {
    return trainingSet(train);
  }

  /** Queries that have a grade, as recipes take them; every query counts alike. */
  public static TrainingSet trainingSet(EncodedQueries queries) {
    EncodedQueries kept = graded(queries);
    return TrainingSet.of(kept.llms(), kept.embeddings(), kept.rewards(), kept.taskIndices());
  }

  /** Queries that have a grade. */
  public static EncodedQueries graded(EncodedQueries queries) {
    float[][] rewards = queries.rewards();
    return queries.subset(
        IntStream.range(0, rewards.length).filter(i -> graded(rewards[i])).toArray());
  }

  /** The same splits with fewer training queries. */
  public EncodedSplits withTrain(EncodedQueries fewer) {
    return new EncodedSplits(fewer, test, ood, shuffledWords, shuffledLetters);
  }

  private static boolean graded(float[] rewards) {
    return IntStream.range(0, rewards.length).anyMatch(t -> !Float.isNaN(rewards[t]));
  }
}
