package dev.turnout.lab.eval;

import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.ConstantChoice;
import dev.turnout.lab.baseline.Hindsight;
import dev.turnout.lab.eval.measure.Interval;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges trained models as they lie in their files, together as runs of one recipe: on the test and
 * out-of-distribution queries, beside a recipe that is trained anew on the vectors of each model's
 * own encoder, the best single LLM and the bounds. Two figures apart tell what a fine-tuned encoder
 * is worth: what its own LLM embeddings earn, and what its vectors earn to another recipe.
 *
 * @param recipe trained anew on each model's vectors, with the model's position as seed
 * @param cached whether vectors are kept on disk
 */
public record ModelStudy(OutcomeDataset dataset, Recipe recipe, boolean cached, Progress progress) {
  private static final String MODELS = "models";
  private static final List<Baseline> BESIDE =
      List.of(ConstantChoice.BEST_SINGLE, Hindsight.BEST_PER_TASK, Hindsight.ORACLE);

  /**
   * A model and what opens its encoder.
   *
   * @param name of the file
   */
  public record Given(String name, RouterModel model, Supplier<QueryEncoder> encoder) {}

  /**
   * How the models did.
   *
   * @param models names of the files
   * @param routers the models, then the recipe on their vectors, then baselines and bounds
   * @param published RouterDC's published averages in and out of distribution, or null where the
   *     data is another
   * @param idDifferences the models against each other router in percentage points
   * @param oodDifferences the same out of distribution; empty without such queries
   */
  public record Figures(
      List<String> models,
      List<RouterResult> routers,
      double @Nullable [] published,
      Map<String, Interval> idDifferences,
      Map<String, Interval> oodDifferences) {}

  /**
   * Judges; each encoder is opened in turn.
   *
   * @throws IllegalArgumentException if a model is of another encoder or knows other LLMs
   */
  public Figures of(List<Given> models) {
    EncodedSplits first = splits(models.get(0));
    RouterTally own = new RouterTally(first);
    RouterTally retrained = new RouterTally(first);
    for (int m = 0; m < models.size(); m++) {
      RouterModel model = models.get(m).model();
      EncodedSplits splits = m == 0 ? first : splits(models.get(m));
      own.add(choices(model, splits, true), choices(model, splits, false), 0);
      progress.report(recipe.name() + " on the vectors of " + models.get(m).name(), 0);
      RouterModel anew = recipe.train(splits.trainingSet(), model.encoder(), m, Progress.silent());
      retrained.add(choices(anew, splits, true), choices(anew, splits, false), 0);
    }
    List<RouterResult> routers = new ArrayList<>();
    routers.add(own.result(MODELS, "the models of the files", false));
    routers.add(
        retrained.result(
            recipe.name() + " on their vectors",
            "recipe " + recipe.name() + " trained anew on the vectors of each model's encoder",
            false));
    Evaluation evaluation =
        new Evaluation(first, models.get(0).model().encoder(), List.of(0L), () -> 0, progress);
    BESIDE.forEach(baseline -> routers.add(evaluation.baseline(baseline)));
    return new Figures(
        models.stream().map(Given::name).toList(),
        List.copyOf(routers),
        Evaluation.publishedRouterDc(first).orElse(null),
        differences(routers, first, true),
        differences(routers, first, false));
  }

  private EncodedSplits splits(Given given) {
    RouterModel model = given.model();
    if (!model.llms().containsAll(dataset.llms()) || model.llms().size() != dataset.llms().size()) {
      throw new IllegalArgumentException(
          given.name() + " chooses among " + model.llms() + ", the data has " + dataset.llms());
    }
    try (QueryEncoder encoder = given.encoder().get()) {
      if (!encoder.id().equals(model.encoder())) {
        throw new IllegalArgumentException(
            given.name()
                + " was trained on the encoder "
                + model.encoder()
                + ", not on "
                + encoder.id());
      }
      return OutcomeVectors.withoutNonsense(dataset, encoder, cached, progress).splits();
    }
  }

  /** The choices in the order of the data's LLMs. */
  private double[][] choices(RouterModel model, EncodedSplits splits, boolean inside) {
    double[][] chosen =
        ScoredQueries.of(model, (inside ? splits.test() : splits.ood()).embeddings()).choices();
    int[] position = dataset.llms().stream().mapToInt(llm -> model.llms().indexOf(llm)).toArray();
    double[][] ordered = new double[chosen.length][position.length];
    for (int i = 0; i < chosen.length; i++) {
      for (int t = 0; t < position.length; t++) {
        ordered[i][t] = chosen[i][position[t]];
      }
    }
    return ordered;
  }

  private static Map<String, Interval> differences(
      List<RouterResult> routers, EncodedSplits splits, boolean inside) {
    Map<String, Interval> differences = new LinkedHashMap<>();
    if ((inside ? splits.test() : splits.ood()).size() == 0) {
      return differences;
    }
    for (RouterResult rival : routers.subList(1, routers.size())) {
      differences.put(
          rival.name(),
          PairedBootstrap.difference(
              inside ? splits.test() : splits.ood(),
              inside ? routers.get(0).idRewards() : routers.get(0).oodRewards(),
              inside ? rival.idRewards() : rival.oodRewards(),
              PairedBootstrap.RESAMPLES,
              PairedBootstrap.SEED));
    }
    return differences;
  }
}
