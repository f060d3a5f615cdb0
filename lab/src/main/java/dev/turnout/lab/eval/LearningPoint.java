package dev.turnout.lab.eval;

/**
 * One point of the learning curve.
 *
 * @param queries training queries used
 * @param idAverage mean of the test tasks in percent, over seeds
 * @param oodAverage mean of the out-of-distribution tasks, NaN without such data
 */
public record LearningPoint(int queries, double idAverage, double oodAverage) {}
