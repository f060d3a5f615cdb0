/** Learning from partial feedback, simulated on recorded outcomes without Kafka. */
@NullMarked
package dev.turnout.lab.simulation;

import org.jspecify.annotations.NullMarked;
