package dev.turnout.model;

/**
 * Turns an inner product into a cosine exactly: projected queries are lifted onto a sphere of one
 * radius by a coordinate that LLMs do not have, LLM embeddings onto another by a coordinate that
 * queries do not have (the reduction of inner-product search to cosine search by Bachrach et al.,
 * RecSys 2014, and Neyshabur & Srebro, ICML 2015). Then {@code cos = z.k / (queryRadius *
 * llmRadius)}: queries and LLMs keep their lengths as information instead of losing them.
 *
 * @param queryRadius at least the length of every projected query, > 0
 * @param llmRadius at least the length of every LLM embedding, > 0
 */
public record Sphere(double queryRadius, double llmRadius) {
  public Sphere {
    if (!(queryRadius > 0) || !(llmRadius > 0)) {
      throw new IllegalArgumentException(
          "radii must be positive: " + queryRadius + ", " + llmRadius);
    }
  }
}
