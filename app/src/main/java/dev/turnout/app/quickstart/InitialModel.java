package dev.turnout.app.quickstart;

import dev.turnout.app.data.EmbeddingCache;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.app.quickstart.scenario.GradedQuery;
import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.LlmProfile;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import dev.turnout.train.TrainingSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains the model that a quickstart begins with, on its scenario's warm-up. */
final class InitialModel {

  private InitialModel() {}

  static RouterModel train(
      Scenario scenario, QueryEncoder encoder, Recipe recipe, long seed, Progress progress) {
    List<GradedQuery> warmUp = scenario.warmUp();
    List<String> llms = scenario.llms().stream().map(LlmProfile::getId).toList();
    List<String> texts = warmUp.stream().map(GradedQuery::text).toList();
    float[][] embeddings =
        new TextEncoding(encoder, EmbeddingCache.of(false), progress)
            .encode("encoding warm-up queries", texts)
            .vectors();
    float[][] rewards = new float[warmUp.size()][llms.size()];
    int[] groups = new int[warmUp.size()];
    float[] weights = new float[warmUp.size()];
    Map<String, Integer> groupOf = new LinkedHashMap<>();
    for (int i = 0; i < warmUp.size(); i++) {
      GradedQuery query = warmUp.get(i);
      for (int llm = 0; llm < llms.size(); llm++) {
        rewards[i][llm] = (float) query.rewards()[llm];
      }
      weights[i] = scenario.timesGraded();
      groups[i] = groupOf.computeIfAbsent(query.task(), task -> groupOf.size());
    }
    return recipe.train(
        // no success head: feedback trains none yet, and a start from few grades should be beaten
        new TrainingSet(llms, embeddings, rewards, groups, weights, texts, null),
        encoder.id(),
        seed,
        progress);
  }
}
