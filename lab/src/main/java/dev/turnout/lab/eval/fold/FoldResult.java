package dev.turnout.lab.eval.fold;

import dev.turnout.lab.eval.figure.Figure;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.measure.CostErrors;
import java.util.List;
import java.util.Map;

/**
 * What one way of holding queries out found.
 *
 * @param protocol what was held out, for people
 * @param folds number of folds
 * @param seeds number of seeds
 * @param queries judged queries
 * @param llms LLM ids
 * @param costs what cost is counted in
 * @param costErrors how far the recipe's expected costs are off, and those by means
 * @param routers the recipe first
 * @param oracle task average of the best LLM of every query, percent
 * @param bestSingle the LLM with the best task average on the judged queries
 * @param bestSingleQuality its task average, percent
 * @param pairs pairs of LLMs that differ in price, for the recipe
 */
public record FoldResult(
    String protocol,
    int folds,
    int seeds,
    int queries,
    List<String> llms,
    String costs,
    CostErrors costErrors,
    List<Row> routers,
    double oracle,
    String bestSingle,
    double bestSingleQuality,
    List<PairRow> pairs) {

  /**
   * One router.
   *
   * @param name of the router
   * @param coverage share of its choices that are graded
   * @param figures what was measured
   * @param behind what the recipe is better by, figure by figure; empty for the recipe itself
   * @param success how well the success of each LLM is predicted
   */
  public record Row(
      String name,
      double coverage,
      Map<Figure, FigureInterval> figures,
      Map<Figure, FigureInterval> behind,
      List<SuccessFigures> success) {
    /** Mean over the LLMs of the expected calibration error. */
    public double ece() {
      return success.stream().mapToDouble(SuccessFigures::ece).average().orElse(Double.NaN);
    }
  }

  /** APGR and CPT between two LLMs. */
  public record PairRow(String weak, String strong, Map<Figure, FigureInterval> figures) {}

  /** The recipe's row. */
  public Row main() {
    return routers.get(0);
  }
}
