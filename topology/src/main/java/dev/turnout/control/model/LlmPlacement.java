package dev.turnout.control.model;

import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import java.util.List;

/** Places an LLM in a model that was trained without it. */
public final class LlmPlacement {
  private LlmPlacement() {}

  /**
   * The model with one more LLM, calibrated as the others are on average: nothing but its place is
   * known of it.
   *
   * @param vector {@code float[projectedDimension]}, where the LLM stands
   */
  public static RouterModel at(RouterModel model, String llm, float[] vector) {
    List<LlmEmbedding> known = model.embeddings();
    return model.withLlm(
        new LlmEmbedding(
            llm,
            vector,
            known.stream().mapToDouble(LlmEmbedding::slope).average().orElse(1),
            known.stream().mapToDouble(LlmEmbedding::intercept).average().orElse(0),
            known.stream().mapToDouble(LlmEmbedding::ease).average().orElse(0),
            Double.NaN));
  }
}
