package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/** The best LLM of each query in hindsight: nothing can be better. */
public final class Oracle implements Baseline {
  @Override
  public String name() {
    return "oracle";
  }

  @Override
  public String description() {
    return "the best LLM of each query in hindsight (bound)";
  }

  @Override
  public boolean hindsight() {
    return true;
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    return queries ->
        queries.queries().stream().map(query -> query.rewards().clone()).toArray(double[][]::new);
  }
}
