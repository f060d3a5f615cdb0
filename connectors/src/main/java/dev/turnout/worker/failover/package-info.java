/** What happens when an LLM fails: attempts, the circuit breaker, and who is asked instead. */
@NullMarked
package dev.turnout.worker.failover;

import org.jspecify.annotations.NullMarked;
