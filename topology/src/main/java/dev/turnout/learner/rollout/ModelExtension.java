package dev.turnout.learner.rollout;

import dev.turnout.control.model.LlmPlacement;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import java.util.ArrayList;
import java.util.List;

/** Adds an LLM without grades to a model: it starts at the mean of the others. */
public final class ModelExtension {
  private static final String SIGN = "+";

  private ModelExtension() {}

  /** Whether a version extends another, by their names. */
  public static boolean isOf(String version, String other) {
    return version.startsWith(other + SIGN);
  }

  /** A version and those that it extends, by their names; itself last. */
  static List<String> lineage(String version) {
    List<String> lineage = new ArrayList<>();
    String each = version;
    while (each.matches(".+\\+[0-9a-f]{6}")) {
      lineage.add(0, each);
      each = each.substring(0, each.lastIndexOf(SIGN));
    }
    lineage.add(0, each);
    return lineage;
  }

  /** The model with one more LLM, under a version of its own. */
  public static RouterModel withUngraded(RouterModel model, String llm) {
    List<LlmEmbedding> known = model.embeddings();
    float[] mean = new float[model.projectedDimension()];
    for (LlmEmbedding embedding : known) {
      float[] vector = embedding.vector();
      for (int j = 0; j < mean.length; j++) {
        mean[j] += vector[j] / known.size();
      }
    }
    RouterModel extended = LlmPlacement.at(model, llm, mean);
    return extended.withVersion(model.version() + SIGN + extended.digest().substring(0, 6));
  }
}
