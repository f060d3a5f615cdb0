/**
 * The feedback loop on Kafka: decisions joined with their grades, posteriors learnt and published,
 * candidates trained, judged and promoted.
 */
@NullMarked
package dev.turnout.learner;

import org.jspecify.annotations.NullMarked;
