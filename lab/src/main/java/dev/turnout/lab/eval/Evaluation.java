package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.encoder.EncoderId;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.eval.figure.Judged;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.measure.Auroc;
import dev.turnout.lab.eval.measure.CalibrationCurve;
import dev.turnout.lab.eval.measure.GuardResult;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures a recipe and baselines on one data set. Test and out-of-distribution queries are only
 * ever scored and counted; nothing is chosen by them except in rows marked as hindsight.
 *
 * @param encoder that made the vectors
 * @param seeds one run each; at least one
 * @param nanoTime a clock in nanoseconds, for the measured times alone
 */
public record Evaluation(
    EncodedSplits splits,
    EncoderId encoder,
    List<Long> seeds,
    LongSupplier nanoTime,
    Progress progress) {
  private static final int TIMED_QUERIES = 2000;

  public Evaluation {
    seeds = List.copyOf(seeds);
  }

  /** A recipe's result with one model a seed. */
  public record Trained(RouterResult result, List<RouterModel> models) {}

  /** Trains with every seed and routes by the highest cosine. */
  public Trained recipe(String name, Recipe recipe) {
    RouterTally tally = new RouterTally(splits);
    List<RouterModel> models = new ArrayList<>();
    for (int s = 0; s < seeds.size(); s++) {
      progress.report(name, (double) s / seeds.size());
      long start = nanoTime.getAsLong();
      RouterModel model =
          recipe.train(splits.trainingSet(), encoder, seeds.get(s), Progress.silent());
      double seconds = (nanoTime.getAsLong() - start) / 1e9;
      models.add(model);
      tally.add(
          ScoredQueries.of(model, splits.test().embeddings()).choices(),
          ScoredQueries.of(model, splits.ood().embeddings()).choices(),
          seconds);
    }
    progress.report(name, 1);
    return new Trained(tally.result(name, "recipe " + recipe.name(), false), models);
  }

  /** Fits a baseline with every seed, or once where the seed does not matter. */
  public RouterResult baseline(Baseline baseline) {
    RouterTally tally = new RouterTally(splits);
    List<Long> runs = baseline.seeded() ? seeds : seeds.subList(0, 1);
    for (int s = 0; s < runs.size(); s++) {
      progress.report(baseline.name(), (double) s / runs.size());
      long start = nanoTime.getAsLong();
      FittedBaseline fitted = baseline.fit(splits.train(), runs.get(s));
      double seconds = (nanoTime.getAsLong() - start) / 1e9;
      tally.add(fitted.propensities(splits.test()), fitted.propensities(splits.ood()), seconds);
    }
    progress.report(baseline.name(), 1);
    return tally.result(baseline.name(), baseline.description(), baseline.hindsight());
  }

  /** Expected calibration error on the test queries over all predictions, mean over models. */
  public double calibrationError(List<RouterModel> models) {
    return models.stream()
        .mapToDouble(model -> calibration(model, splits.test()).expectedError())
        .average()
        .orElse(Double.NaN);
  }

  /** The same over the predictions for the chosen LLMs alone. */
  public double calibrationErrorOfChosen(List<RouterModel> models) {
    return models.stream()
        .mapToDouble(
            model -> {
              ScoredQueries scored = ScoredQueries.of(model, splits.test());
              return CalibrationCurve.of(splits.test(), scored.predictedSuccess(), scored.choices())
                  .expectedError();
            })
        .average()
        .orElse(Double.NaN);
  }

  /** Predicted against observed success of one model. */
  public CalibrationCurve calibration(RouterModel model, EncodedQueries queries) {
    return CalibrationCurve.of(queries, ScoredQueries.of(model, queries).predictedSuccess());
  }

  /** How well the success of each LLM is predicted, mean over models; empty without queries. */
  public List<SuccessFigures> success(List<RouterModel> models, EncodedQueries queries) {
    if (queries.size() == 0) {
      return List.of();
    }
    Judged judged = Judged.of(queries, new double[0][]);
    return SuccessFigures.mean(
        models.stream()
            .map(
                model ->
                    SuccessFigures.of(
                        queries.llms(),
                        judged,
                        ScoredQueries.of(model, queries).predictedSuccess()))
            .toList());
  }

  /** How well the guard works, mean over models. */
  public GuardResult guard(List<RouterModel> models) {
    Map<String, Double> parts = new LinkedHashMap<>();
    double ood = 0;
    double nonsense = 0;
    double flagged = 0;
    for (RouterModel model : models) {
      ScoredQueries inside = ScoredQueries.of(model, splits.test());
      double[] outside = ScoredQueries.of(model, splits.ood()).distances();
      double[] words = ScoredQueries.of(model, splits.shuffledWords()).distances();
      double[] letters = ScoredQueries.of(model, splits.shuffledLetters()).distances();
      int[] task = splits.ood().taskIndices();
      for (int k = 0; k < splits.ood().tasks().size(); k++) {
        int wanted = k;
        double[] some =
            IntStream.range(0, task.length)
                .filter(i -> task[i] == wanted)
                .mapToDouble(i -> outside[i])
                .toArray();
        add(parts, splits.ood().tasks().get(k), Auroc.of(inside.distances(), some), models.size());
      }
      add(parts, "shuffled_words", Auroc.of(inside.distances(), words), models.size());
      add(parts, "shuffled_letters", Auroc.of(inside.distances(), letters), models.size());
      ood += Auroc.of(inside.distances(), outside) / models.size();
      nonsense += Auroc.of(inside.distances(), joined(words, letters)) / models.size();
      flagged += inside.flagged() / models.size();
    }
    double both = Double.isNaN(ood) ? nonsense : (ood + nonsense) / 2;
    return new GuardResult(both, ood, nonsense, parts, flagged);
  }

  /** Times score and choice of single queries. */
  public DecisionTime decisionTime(RouterModel model) {
    float[][] vectors = splits.test().embeddings();
    int count = Math.min(TIMED_QUERIES, vectors.length);
    return DecisionTime.measure(model, count, i -> vectors[i], nanoTime);
  }

  /** Trains on growing random shares of the training queries. */
  public List<LearningPoint> learningCurve(Recipe recipe, int runs) {
    List<LearningPoint> points = new ArrayList<>();
    int size = splits.train().size();
    for (int divisor : new int[] {32, 16, 8, 4, 2, 1}) {
      int count = size / divisor;
      if (count < 40) {
        continue;
      }
      progress.report("learning curve", 1.0 / divisor);
      RouterTally tally = new RouterTally(splits);
      for (long seed : seeds.subList(0, Math.min(runs, seeds.size()))) {
        EncodedQueries some = splits.train().subset(drawn(size, count, seed));
        RouterModel model = recipe.train(some.trainingSet(), encoder, seed, Progress.silent());
        tally.add(
            ScoredQueries.of(model, splits.test().embeddings()).choices(),
            ScoredQueries.of(model, splits.ood().embeddings()).choices(),
            0);
      }
      RouterResult result = tally.result("learning", "", false);
      points.add(new LearningPoint(count, result.idAverage(), result.oodAverage()));
    }
    return points;
  }

  /**
   * The published RouterDC averages, a constant to compare with: per-query results are not public.
   */
  public static Optional<double[]> publishedRouterDc(EncodedSplits splits) {
    List<String> id = List.of("mmlu", "gsm8k", "cmmlu", "arc_challenge", "humaneval");
    List<String> ood = List.of("MATH_prealgebra", "mbpp", "ceval");
    boolean same =
        splits.test().tasks().size() == id.size()
            && splits.test().tasks().containsAll(id)
            && splits.ood().tasks().size() == ood.size()
            && splits.ood().tasks().containsAll(ood);
    return same ? Optional.of(new double[] {58.54, 45.85}) : Optional.empty();
  }

  /** So many positions out of all, at random. */
  static int[] drawn(int size, int count, long seed) {
    int[] order = IntStream.range(0, size).toArray();
    Random random = new Random(seed);
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return Arrays.copyOf(order, count);
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void add(Map<String, Double> parts, String name, double value, int of) {
    parts.merge(name, value / of, Double::sum);
  }
}
