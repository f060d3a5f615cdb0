package dev.turnout.model;

/**
 * One LLM in a router model.
 *
 * @param llm LLM id
 * @param vector {@code float[projected dimension]}
 * @param slope calibration slope, >= 0
 * @param intercept calibration intercept
 * @param ease weight of the query's easiness in the calibration; 0 without one
 * @param overall mean success whatever the query, 0..1; NaN when unknown
 */
public record LlmEmbedding(
    String llm, float[] vector, double slope, double intercept, double ease, double overall) {
  public LlmEmbedding {
    if (llm.isBlank()) {
      throw new IllegalArgumentException("an LLM needs a non-blank id");
    }
    vector = vector.clone();
  }

  @Override
  public float[] vector() {
    return vector.clone();
  }
}
