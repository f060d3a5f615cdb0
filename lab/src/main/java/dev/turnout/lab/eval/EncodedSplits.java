package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.eval.measure.Nonsense;
import dev.turnout.train.TrainingSet;

/**
 * A data set as vectors of one encoder.
 *
 * @param train training queries
 * @param test queries in distribution
 * @param ood queries out of distribution; may be empty
 * @param shuffledWords {@link Nonsense#shuffledWords} of the test queries
 * @param shuffledLetters {@link Nonsense#shuffledLetters} of the test queries
 */
public record EncodedSplits(
    EncodedQueries train,
    EncodedQueries test,
    EncodedQueries ood,
    EncodedTexts shuffledWords,
    EncodedTexts shuffledLetters) {

  /** The training queries that have a grade, as recipes take them. */
  public TrainingSet trainingSet() {
    return train.trainingSet();
  }
}
