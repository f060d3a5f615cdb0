package dev.turnout.lab.eval.measure;

import java.util.List;
import java.util.Map;

/**
 * What quality costs.
 *
 * @param estimated true when costs come from prices and assumed token counts
 * @param outputTokens assumed tokens of an answer where costs are estimated
 * @param errors how far expected costs are off on the test queries
 * @param curves router to its cost-quality curve
 * @param singles LLM to its operating point
 * @param aiq router to RouterBench's average improvement in quality over the range of costs,
 *     percent
 * @param costPerSuccess router to mean cost of a successful answer at its best quality, USD
 * @param bestSingle the best single LLM on the training queries
 * @param equalQualityCost least mean cost in USD at which the router's hull reaches the best
 *     single's quality; NaN when it does not
 * @param chosenOnTrain the router's test operating point at the weight of cost that was chosen on
 *     held-out training queries to be as good as the best single LLM
 * @param pairs every other LLM paired with the best single one, as RouteLLM measures
 */
public record CostResult(
    boolean estimated,
    double outputTokens,
    CostErrors errors,
    Map<String, CostQualityCurve> curves,
    Map<String, CostQualityCurve.Point> singles,
    Map<String, Double> aiq,
    Map<String, Double> costPerSuccess,
    String bestSingle,
    double equalQualityCost,
    CostQualityCurve.Point chosenOnTrain,
    List<PairRouting> pairs) {}
