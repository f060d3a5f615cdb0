package dev.turnout.offpolicy.rollout;

/**
 * What a served and graded query earned.
 *
 * @param modelVersion the model that decided
 * @param decidedAt when, in milliseconds of the epoch
 * @param reward mean of its graders', 0..1
 * @param weight mean trust in its graders, >= 0
 */
public record ServedReward(String modelVersion, long decidedAt, double reward, double weight) {}
