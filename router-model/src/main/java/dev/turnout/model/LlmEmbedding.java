package dev.turnout.model;

import org.jspecify.annotations.Nullable;

/**
 * One LLM in a router model.
 *
 * @param llm LLM id
 * @param vector {@code float[projected dimension]}
 * @param slope calibration slope, >= 0
 * @param intercept calibration intercept
 * @param ease weight of the query's easiness in the calibration; 0 without one
 * @param overall mean success whatever the query, 0..1; NaN when unknown
 * @param head its row of {@link SuccessHead#llms}, {@code [1 x (3 + axes)]}; null without a head,
 *     or to take the mean of the LLMs that have one
 */
public record LlmEmbedding(
    String llm,
    float[] vector,
    double slope,
    double intercept,
    double ease,
    double overall,
    @Nullable Matrix head) {
  public LlmEmbedding {
    if (llm.isBlank()) {
      throw new IllegalArgumentException("an LLM needs a non-blank id");
    }
    vector = vector.clone();
  }

  /** An LLM of which the success head knows nothing of its own. */
  public LlmEmbedding(
      String llm, float[] vector, double slope, double intercept, double ease, double overall) {
    this(llm, vector, slope, intercept, ease, overall, null);
  }

  @Override
  public float[] vector() {
    return vector.clone();
  }
}
