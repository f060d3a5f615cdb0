package dev.turnout.learner;

import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import java.util.List;

/** Adds an LLM that nobody has graded to a model: it starts at the mean of the others. */
final class ModelExtension {
  private ModelExtension() {}

  static RouterModel withUngraded(RouterModel model, String llm) {
    List<LlmEmbedding> known = model.embeddings();
    float[] mean = new float[model.projectedDimension()];
    for (LlmEmbedding embedding : known) {
      float[] vector = embedding.vector();
      for (int j = 0; j < mean.length; j++) {
        mean[j] += vector[j] / known.size();
      }
    }
    LlmEmbedding added =
        new LlmEmbedding(
            llm,
            mean,
            known.stream().mapToDouble(LlmEmbedding::slope).average().orElse(1),
            known.stream().mapToDouble(LlmEmbedding::intercept).average().orElse(0),
            known.stream().mapToDouble(LlmEmbedding::ease).average().orElse(0),
            Double.NaN);
    RouterModel extended = model.withLlm(added);
    return extended.withVersion(model.version() + "+" + extended.digest().substring(0, 6));
  }
}
