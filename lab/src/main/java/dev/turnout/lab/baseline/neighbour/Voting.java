package dev.turnout.lab.baseline.neighbour;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.baseline.Baseline;
import java.util.List;
import java.util.Locale;

/**
 * Asks every LLM and takes the most frequent answer; ties go to the answer given first. Applicable
 * only to data that keeps the LLMs' answers. Its cost is that of all LLMs together.
 */
public final class Voting {
  /** This baseline. */
  public static final Baseline BASELINE =
      new Baseline(
          "voting",
          "the most frequent answer of all LLMs",
          (train, seed) ->
              queries -> queries.queries().stream().map(Voting::votes).toArray(double[][]::new));

  private Voting() {}

  /** True when every query has an answer of some LLM. */
  public static boolean applicable(EncodedQueries queries) {
    return queries.queries().stream()
        .allMatch(query -> query.answers().stream().anyMatch(answer -> !answer.isBlank()));
  }

  private static double[] votes(QueryOutcomes query) {
    List<String> answers = query.answers().stream().map(Voting::normalised).toList();
    double[] votes = new double[answers.size()];
    for (int t = 0; t < votes.length; t++) {
      String answer = answers.get(t);
      votes[t] =
          answer.isEmpty() || Double.isNaN(query.rewards()[t])
              ? 0
              : answers.stream().filter(answer::equals).count();
    }
    return votes;
  }

  private static String normalised(String answer) {
    return answer.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
