package dev.turnout.worker.failover;

import java.time.Duration;

/**
 * What a worker does when its LLM fails.
 *
 * @param attempts calls of the LLM for one request, at least 1
 * @param failovers other LLMs that one request may go on to
 * @param patience how long a request that nobody else may answer waits for its LLM to be back
 * @param heartbeat how often the worker repeats how it finds its LLM
 * @param probe how it is found out that the LLM is back
 * @param endpoint where the LLM is asked, without secrets; workers that ask at the same place share
 *     what the LLM says there
 */
public record FailOverSettings(
    int attempts,
    int failovers,
    Duration patience,
    Duration heartbeat,
    Probe probe,
    String endpoint) {}
