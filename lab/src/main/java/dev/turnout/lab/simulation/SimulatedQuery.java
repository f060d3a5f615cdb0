package dev.turnout.lab.simulation;

import dev.turnout.encoder.surface.QuerySurface;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A query whose outcome is known for every LLM, as only a simulation can have it.
 *
 * @param id unique id
 * @param embedding {@code float[encoder dimension]}
 * @param surface of its text; null when there is none
 * @param rewards reward of each LLM, 0..1
 * @param costsUsd cost of each LLM's answer in USD; NaN when unknown
 * @param task index of its data set
 */
public record SimulatedQuery(
    String id,
    float[] embedding,
    @Nullable QuerySurface surface,
    double[] rewards,
    double[] costsUsd,
    int task) {

  /** A query of which neither text nor costs are known. */
  public SimulatedQuery(String id, float[] embedding, double[] rewards, int task) {
    this(id, embedding, null, rewards, unknown(rewards.length), task);
  }

  private static double[] unknown(int llms) {
    double[] costs = new double[llms];
    Arrays.fill(costs, Double.NaN);
    return costs;
  }
}
