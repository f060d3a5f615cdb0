package dev.turnout.lab.eval;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.encoder.EncoderId;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.measure.CalibrationCurve;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.GuardResult;
import dev.turnout.lab.eval.measure.Interval;
import dev.turnout.model.RouterModel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything one evaluation found out.
 *
 * @param dataset the data
 * @param splits its vectors
 * @param encoder the encoder
 * @param seeds number of seeds
 * @param recipes the recipes' rows, the evaluated one first
 * @param baselines the other rows
 * @param published averages of the published RouterDC on this very data {ID, OOD}; null on other
 *     data
 * @param idIntervals other row to the difference of ID averages
 * @param oodIntervals other row to the difference of OOD averages; empty without such data
 * @param models one model a seed of the evaluated recipe
 * @param calibration predicted against observed success of the first model on the test queries
 * @param ece expected calibration error over all predictions on the test queries, mean over seeds
 * @param eceChosen the same over the chosen LLMs alone
 * @param success how well success of each LLM is predicted on the test queries, mean over seeds
 * @param oodSuccess the same out of distribution; empty without such data
 * @param guard how well the guard works
 * @param scoring time of score and choice
 * @param decision time of encoding one query, score and choice
 * @param trainEncodeSeconds seconds to encode the training queries
 * @param trainSeconds seconds to train on the vectors, mean over seeds
 * @param peakMemoryMiB largest resident memory of this process so far
 * @param cost cost figures; null without costs and prices
 * @param learning learning curve; may be empty
 * @param ablations changed recipes' rows; may be empty
 * @param onboarding onboarding results; may be empty
 */
public record EvaluationSummary(
    OutcomeDataset dataset,
    OutcomeVectors splits,
    EncoderId encoder,
    int seeds,
    List<RouterResult> recipes,
    List<RouterResult> baselines,
    double @Nullable [] published,
    Map<String, Interval> idIntervals,
    Map<String, Interval> oodIntervals,
    List<RouterModel> models,
    CalibrationCurve calibration,
    double ece,
    double eceChosen,
    List<SuccessFigures> success,
    List<SuccessFigures> oodSuccess,
    GuardResult guard,
    DecisionTime scoring,
    DecisionTime decision,
    double trainEncodeSeconds,
    double trainSeconds,
    double peakMemoryMiB,
    @Nullable CostResult cost,
    List<LearningPoint> learning,
    List<RouterResult> ablations,
    List<OnboardingRow> onboarding) {

  /** What the first model says about the test queries. */
  public ScoredQueries scored() {
    return ScoredQueries.of(models.get(0), splits.splits().test());
  }

  /** Number of probes to the share of the full average that returns, mean over the LLMs. */
  public Map<Integer, Double> recoveredByProbes() {
    return onboarding.stream()
        .collect(
            Collectors.groupingBy(
                OnboardingRow::probes,
                TreeMap::new,
                Collectors.averagingDouble(OnboardingRow::recovered)));
  }

  /** The evaluated recipe's row. */
  public RouterResult main() {
    return recipes.get(0);
  }
}
