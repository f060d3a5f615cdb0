package dev.turnout.lab.simulation;

/**
 * A query whose outcome is known for every LLM, as only a simulation can have it.
 *
 * @param id unique id
 * @param embedding {@code float[encoder dimension]}
 * @param rewards reward of each LLM, 0..1
 * @param task index of its data set
 */
public record SimulatedQuery(String id, float[] embedding, double[] rewards, int task) {}
