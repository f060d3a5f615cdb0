package dev.turnout.app.data;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One query and how each LLM did on it.
 *
 * @param id unique within its data set, e.g. {@code test/gsm8k/17}
 * @param dataset task the query belongs to, the same name in training and test, e.g. {@code mmlu}
 * @param split what the query is for
 * @param question the text as an LLM would read it
 * @param rewards one reward an LLM, aligned with {@link OutcomeDataset#llms()}, 0..1 by the task's
 *     scoring rule; NaN = not graded, which is neither good nor bad
 * @param costsUsd cost of each LLM's answer in USD, aligned likewise; NaN = unknown
 * @param answers each LLM's final answer, aligned likewise, blank where unknown; empty when the
 *     data has none
 */
public record QueryOutcomes(
    String id,
    String dataset,
    Split split,
    String question,
    double[] rewards,
    double[] costsUsd,
    List<String> answers) {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

  public QueryOutcomes {
    answers = List.copyOf(answers);
    if (costsUsd.length != rewards.length
        || (!answers.isEmpty() && answers.size() != rewards.length)) {
      throw new IllegalArgumentException(
          "query %s: %d rewards, %d costs, %d answers must be aligned"
              .formatted(id, rewards.length, costsUsd.length, answers.size()));
    }
  }

  /** Outcomes of data that keeps no answers. */
  public QueryOutcomes(
      String id,
      String dataset,
      Split split,
      String question,
      double[] rewards,
      double[] costsUsd) {
    this(id, dataset, split, question, rewards, costsUsd, List.of());
  }

  /** The question with its white space made even: equal for queries that ask the same. */
  public String normalisedQuestion() {
    return normalised(question);
  }

  /** A text with its white space made even. */
  public static String normalised(String text) {
    return WHITE_SPACE.matcher(text.strip()).replaceAll(" ");
  }
}
