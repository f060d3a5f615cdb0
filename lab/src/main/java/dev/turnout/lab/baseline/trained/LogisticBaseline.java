package dev.turnout.lab.baseline.trained;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.neighbour.Centring;

/** Logistic regression of each LLM's reward on the centred vector. */
public final class LogisticBaseline {
  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "logistic",
          "logistic regression of every LLM's reward on the vector, penalty by a held-out fifth",
          (train, seed) -> fit(train));

  private LogisticBaseline() {}

  private static FittedBaseline fit(EncodedQueries train) {
    Centring centring = Centring.of(train.embeddings());
    LogisticFit fit = LogisticFit.of(centring.apply(train.embeddings()), train.rewards());
    return queries -> fit.predict(centring.apply(queries.embeddings()));
  }
}
