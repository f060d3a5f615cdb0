package dev.turnout.lab.eval.fold;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.encoder.EncoderId;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.TaskMeans;
import dev.turnout.lab.baseline.neighbour.Cells;
import dev.turnout.lab.baseline.neighbour.Knn;
import dev.turnout.lab.baseline.surface.SurfaceBaseline;
import dev.turnout.lab.baseline.trained.LogisticBaseline;
import dev.turnout.lab.eval.ScoredQueries;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * A router that can be fitted anew for every fold.
 *
 * @param name in tables and JSON
 * @param fitting how
 */
public record FoldRouter(String name, Fitting fitting) {
  private static final int CELLS = 12;
  private static final int SAMPLE = 2000;

  /** Fits a router. */
  @FunctionalInterface
  public interface Fitting {
    /** Fits on training queries; the seed is the source of every random choice. */
    Predicting fit(EncodedQueries train, long seed);
  }

  /** A fitted router. */
  @FunctionalInterface
  public interface Predicting {
    HeldOutScores predict(EncodedQueries queries);
  }

  /** A recipe: it ranks by cosine and predicts success and costs apart from that. */
  public static FoldRouter of(Recipe recipe, EncoderId encoder) {
    return new FoldRouter(
        recipe.name(),
        (train, seed) -> {
          var model = recipe.train(train.trainingSet(), encoder, seed, Progress.silent());
          return queries -> {
            ScoredQueries scored = ScoredQueries.of(model, queries);
            return new HeldOutScores(scored.cosines(), scored.predictedSuccess(), scored.costUsd());
          };
        });
  }

  /** A baseline whose scores estimate rewards. */
  static FoldRouter of(Baseline baseline) {
    return new FoldRouter(
        baseline.name(),
        (train, seed) -> {
          FittedBaseline fitted = baseline.fit(train.graded(), seed);
          return queries -> {
            double[][] scores = fitted.scores(queries);
            return new HeldOutScores(scores, scores);
          };
        });
  }

  /** The recipe and what it always stands beside, the recipe first. */
  public static List<FoldRouter> all(Recipe recipe, EncoderId encoder) {
    List<FoldRouter> all = new ArrayList<>(List.of(of(recipe, encoder)));
    for (Baseline baseline :
        List.of(
            TaskMeans.BASELINE,
            Knn.sampled(SAMPLE),
            Cells.of(CELLS),
            LogisticBaseline.BASELINE,
            SurfaceBaseline.BASELINE)) {
      all.add(of(baseline));
    }
    return all;
  }
}
