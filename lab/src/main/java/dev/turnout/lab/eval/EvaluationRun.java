package dev.turnout.lab.eval;

import dev.turnout.app.console.ProgressLine;
import dev.turnout.app.console.ResidentMemory;
import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.Baselines;
import dev.turnout.lab.baseline.neighbour.Cells;
import dev.turnout.lab.baseline.neighbour.Knn;
import dev.turnout.lab.baseline.neighbour.Voting;
import dev.turnout.lab.baseline.trained.Ridge;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.CostTable;
import dev.turnout.lab.eval.measure.Interval;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Recipe;
import dev.turnout.train.Recipes;
import dev.turnout.train.TrainingOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation from data to summary, with the clock and the machine's figures.
 *
 * @param seeds one run each
 * @param cached whether vectors are kept on disk
 */
public record EvaluationRun(
    OutcomeDataset dataset,
    QueryEncoder encoder,
    List<Long> seeds,
    boolean cached,
    ProgressLine progress) {
  private static final int LEARNING_RUNS = 3;
  private static final int TIMED_DECISIONS = 300;

  public EvaluationRun {
    seeds = List.copyOf(seeds);
  }

  /**
   * How much to do.
   *
   * @param options what the other recipes and the ablations are trained with
   * @param everyBaseline all baselines and the other recipes, not just the essential ones
   * @param ablations take the recipes apart
   * @param otherEncoders encoders to train the recipe on as a further ablation, by name; opened one
   *     at a time
   * @param learningCurve train on growing shares of the data
   * @param onboarded LLMs to take out and put back
   * @param outputTokens assumed tokens of an answer where costs are estimated
   */
  public record Extent(
      TrainingOptions options,
      boolean everyBaseline,
      boolean ablations,
      Map<String, Supplier<QueryEncoder>> otherEncoders,
      boolean learningCurve,
      List<String> onboarded,
      double outputTokens) {}

  /** Does it all. */
  public EvaluationSummary run(Recipe recipe, Extent extent) {
    OutcomeVectors vectors = OutcomeVectors.of(dataset, encoder, cached, progress);
    EncodedSplits splits = vectors.splits();
    Evaluation evaluation = new Evaluation(splits, encoder.id(), seeds, System::nanoTime, progress);
    Evaluation.Trained trained = evaluation.recipe(recipe.name(), recipe);
    List<RouterResult> recipes = new ArrayList<>(List.of(trained.result()));
    if (extent.everyBaseline()) {
      for (String other : Recipes.names()) {
        if (!other.equals(recipe.name())) {
          recipes.add(evaluation.recipe(other, Recipes.named(other, extent.options())).result());
        }
      }
    }
    List<RouterResult> baselines = new ArrayList<>();
    for (Baseline baseline : baselines(splits, extent.everyBaseline())) {
      baselines.add(evaluation.baseline(baseline));
    }
    RouterModel first = trained.models().get(0);
    List<RouterResult> rivals = new ArrayList<>(recipes.subList(1, recipes.size()));
    rivals.addAll(baselines);
    Optional<double[]> published = Evaluation.publishedRouterDc(splits);
    return new EvaluationSummary(
        dataset,
        vectors,
        encoder.id(),
        seeds.size(),
        recipes,
        baselines,
        published.orElse(null),
        intervals(splits.test(), trained.result(), rivals, true, published.map(p -> p[0])),
        intervals(splits.ood(), trained.result(), rivals, false, published.map(p -> p[1])),
        trained.models(),
        evaluation.calibration(first, splits.test()),
        evaluation.calibrationError(trained.models()),
        evaluation.calibrationErrorOfChosen(trained.models()),
        evaluation.success(trained.models(), splits.test()),
        evaluation.success(trained.models(), splits.ood()),
        evaluation.guard(trained.models()),
        evaluation.decisionTime(first),
        decisionTime(first, splits.test()),
        vectors.trainEncodeSeconds(),
        trained.result().fitSeconds(),
        ResidentMemory.peakMib(),
        cost(evaluation, first, recipe, extent.outputTokens()),
        extent.learningCurve()
            ? evaluation.learningCurve(recipe, LEARNING_RUNS)
            : List.<LearningPoint>of(),
        extent.ablations() ? ablations(evaluation, recipe, extent) : List.of(),
        onboarding(evaluation, recipe, extent.onboarded(), trained.result().idAverage()));
  }

  private List<Baseline> baselines(EncodedSplits splits, boolean all) {
    List<Baseline> baselines =
        new ArrayList<>(all ? Baselines.all(dataset.llms()) : Baselines.essential());
    if (Voting.applicable(splits.test())) {
      baselines.add(Voting.BASELINE);
    }
    return baselines;
  }

  private static Map<String, Interval> intervals(
      EncodedQueries queries,
      RouterResult ours,
      List<RouterResult> rivals,
      boolean inDistribution,
      Optional<Double> published) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    if (queries.size() == 0) {
      return intervals;
    }
    double[] rewards = inDistribution ? ours.idRewards() : ours.oodRewards();
    for (String name : List.of("best_single", "knn", "cells", "paper")) {
      rivals.stream()
          .filter(rival -> rival.name().equals(name))
          .findFirst()
          .ifPresent(
              rival ->
                  intervals.put(
                      name,
                      PairedBootstrap.difference(
                          queries,
                          rewards,
                          inDistribution ? rival.idRewards() : rival.oodRewards(),
                          PairedBootstrap.RESAMPLES,
                          PairedBootstrap.SEED)));
    }
    published.ifPresent(
        average -> {
          Interval own =
              PairedBootstrap.difference(
                  queries,
                  rewards,
                  new double[rewards.length],
                  PairedBootstrap.RESAMPLES,
                  PairedBootstrap.SEED);
          intervals.put(
              "routerdc_published",
              new Interval(own.estimate() - average, own.low() - average, own.high() - average));
        });
    return intervals;
  }

  private DecisionTime decisionTime(RouterModel model, EncodedQueries test) {
    int count = Math.min(TIMED_DECISIONS, test.size());
    List<String> texts =
        IntStream.range(0, count)
            .mapToObj(i -> test.queries().get(i * test.size() / count).question())
            .toList();
    return DecisionTime.measure(
        model, count, i -> encoder.encode(texts.subList(i, i + 1))[0], System::nanoTime);
  }

  private @Nullable CostResult cost(
      Evaluation evaluation, RouterModel model, Recipe recipe, double outputTokens) {
    return CostTable.of(dataset, outputTokens)
        .map(
            table ->
                new CostStudy(evaluation, table, recipe)
                    .of(model, List.of(Knn.BASELINE, Cells.BASELINE, Ridge.BASELINE)))
        .orElse(null);
  }

  private List<RouterResult> ablations(Evaluation evaluation, Recipe recipe, Extent extent) {
    List<RouterResult> rows = new ArrayList<>();
    for (Ablation ablation : Ablation.all(extent.options())) {
      rows.add(evaluation.recipe(ablation.name(), ablation.recipe()).result());
    }
    extent
        .otherEncoders()
        .forEach(
            (name, opening) -> {
              try (QueryEncoder other = opening.get()) {
                EncodedSplits splits =
                    OutcomeVectors.withoutNonsense(dataset, other, cached, progress).splits();
                rows.add(
                    new Evaluation(splits, other.id(), seeds, System::nanoTime, progress)
                        .recipe(recipe.name() + " on the encoder " + name, recipe)
                        .result());
              }
            });
    return rows;
  }

  private static List<OnboardingRow> onboarding(
      Evaluation evaluation, Recipe recipe, List<String> llms, double full) {
    OnboardingStudy study = new OnboardingStudy(evaluation, recipe);
    return llms.stream().flatMap(llm -> study.of(llm, full).stream()).toList();
  }
}
