package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.encoder.surface.SurfaceReader;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one model says about many queries.
 *
 * @param cosines {@code double[queries][llms]}
 * @param predictedSuccess {@code double[queries][llms]}
 * @param costUsd expected cost of each answer, {@code double[queries][llms]}; NaN where the model
 *     has learnt none
 * @param distances {@code double[queries]} to the training data
 * @param flagged share of the queries that the guard marks as out of distribution
 */
public record ScoredQueries(
    double[][] cosines,
    double[][] predictedSuccess,
    double[][] costUsd,
    double[] distances,
    double flagged) {

  /** Scores all vectors, whose texts are unknown. */
  public static ScoredQueries of(RouterModel model, float[][] embeddings) {
    return of(model, embeddings, null);
  }

  /** Scores all queries. */
  public static ScoredQueries of(RouterModel model, EncodedQueries queries) {
    return of(model, queries.embeddings(), queries.texts());
  }

  /** Scores all texts. */
  public static ScoredQueries of(RouterModel model, EncodedTexts texts) {
    return of(model, texts.vectors(), texts.texts());
  }

  private static ScoredQueries of(
      RouterModel model, float[][] embeddings, @Nullable List<String> texts) {
    RouterScorer scorer = new RouterScorer(model);
    SurfaceReader surfaces = SurfaceReader.shared();
    double[][] cosines = new double[embeddings.length][];
    double[][] success = new double[embeddings.length][];
    double[][] costs = new double[embeddings.length][];
    double[] distances = new double[embeddings.length];
    int flagged = 0;
    for (int i = 0; i < embeddings.length; i++) {
      String text = texts == null ? null : texts.get(i);
      Scores scores = scorer.score(embeddings[i], text, text == null ? null : surfaces.read(text));
      cosines[i] = scores.cosine();
      success[i] = scores.predictedSuccess();
      costs[i] = scores.costUsd();
      distances[i] = scores.distance();
      flagged += scores.outOfDistribution() ? 1 : 0;
    }
    return new ScoredQueries(
        cosines,
        success,
        costs,
        distances,
        embeddings.length == 0 ? 0 : (double) flagged / embeddings.length);
  }

  /** Choices of RouterDC's own rule: the highest cosine. */
  public double[][] choices() {
    return Rewards.choices(cosines);
  }
}
