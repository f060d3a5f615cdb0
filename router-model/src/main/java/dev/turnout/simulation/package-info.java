/** The feedback loop without Kafka, on recorded outcomes: fast, pure, for measuring settings. */
@NullMarked
package dev.turnout.simulation;

import org.jspecify.annotations.NullMarked;
