package dev.turnout.app.quickstart.scenario;

/**
 * A query with what every LLM's answer to it is worth.
 *
 * @param text the question
 * @param task data set or domain it belongs to
 * @param rewards 0..1 by LLM; NaN where the LLM's answer was not graded
 * @param costsUsd by LLM; NaN where unknown
 */
public record GradedQuery(String text, String task, double[] rewards, double[] costsUsd) {}
