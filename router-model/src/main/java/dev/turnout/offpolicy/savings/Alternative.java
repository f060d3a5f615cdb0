package dev.turnout.offpolicy.savings;

import dev.turnout.offpolicy.Estimate;

/**
 * What one LLM would have done, or a mixture of them, had it answered the same queries.
 *
 * @param name the LLM, or what else is done
 * @param possible share of the queries that it could have answered, 0..1; on the others it is taken
 *     to do what was routed
 * @param answers queries that it did answer
 * @param reward mean reward
 * @param costUsd cost of all queries together
 * @param savedUsd how much less the routed answers cost, all together; negative when routing costs
 *     more
 * @param gainedReward how much more reward a routed query earns
 */
public record Alternative(
    String name,
    double possible,
    long answers,
    Estimate reward,
    Estimate costUsd,
    Estimate savedUsd,
    Estimate gainedReward) {}
