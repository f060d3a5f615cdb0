package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/** A fitted baseline. Routers look at texts and vectors alone, bounds at rewards as well. */
@FunctionalInterface
public interface FittedBaseline {

  /**
   * How well each LLM is expected to do.
   *
   * @return {@code double[queries][llms]}, higher is better; a router's scores estimate rewards
   *     where its method does
   */
  double[][] scores(EncodedQueries queries);

  /**
   * How likely each LLM is chosen.
   *
   * @return {@code double[queries][llms]}, each row sums to 1; without another rule the best score
   *     takes all, the first one on ties
   */
  default double[][] propensities(EncodedQueries queries) {
    return Rewards.choices(scores(queries));
  }
}
