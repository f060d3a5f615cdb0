package dev.turnout.lab.baseline;

import dev.turnout.app.data.EncodedQueries;

/**
 * Sends everything to one LLM.
 *
 * @param llm LLM id, must be among the data's
 */
public record SingleLlm(String llm) implements Baseline {
  @Override
  public String name() {
    return llm;
  }

  @Override
  public String description() {
    return "everything to " + llm;
  }

  @Override
  public FittedBaseline fit(EncodedQueries train, long seed) {
    double[] scores = new double[train.llms().size()];
    scores[train.llms().indexOf(llm)] = 1;
    return queries -> Constant.rows(queries.size(), scores);
  }
}
