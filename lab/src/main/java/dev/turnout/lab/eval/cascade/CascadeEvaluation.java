package dev.turnout.lab.eval.cascade;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.lab.eval.fold.FoldEvaluation;
import dev.turnout.lab.eval.fold.FoldRouter;
import dev.turnout.lab.eval.measure.CostTable;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Cascades on a data set that keeps answers. */
public final class CascadeEvaluation {
  private CascadeEvaluation() {}

  /**
   * Judges them.
   *
   * @param graderAccuracy share of right verdicts of the simulated grader, 0..1
   * @throws IllegalArgumentException if the data lacks answers, costs or grades; says which
   */
  public static CascadeResult of(FoldEvaluation evaluation, int folds, double graderAccuracy) {
    EncodedQueries all = evaluation.queries();
    int[] usable =
        IntStream.range(0, all.size()).filter(i -> usable(all.queries().get(i))).toArray();
    if (usable.length < 2 * folds) {
      throw new IllegalArgumentException(
          "cascades need answers and grades of every LLM; %,d of %,d queries have them, so record"
                  .formatted(usable.length, all.size())
              + " \"answers\" (JSON Lines) or LLM|model_response (CSV)");
    }
    CostTable costs =
        CostTable.of(evaluation.dataset(), evaluation.outputTokens())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "cascades need costs; record them or put a prices.json beside the data"));
    EncodedQueries some = all.subset(usable);
    return new CascadeStudy(
            some,
            costs.actual(some),
            FoldRouter.of(evaluation.recipe(), evaluation.encoding().encoder().id()),
            folds,
            evaluation.seeds(),
            graderAccuracy,
            evaluation.progress())
        .run();
  }

  private static boolean usable(QueryOutcomes query) {
    return Arrays.stream(query.rewards()).noneMatch(Double::isNaN)
        && query.answers().size() == query.rewards().length
        && query.answers().stream().anyMatch(answer -> !answer.isBlank());
  }
}
