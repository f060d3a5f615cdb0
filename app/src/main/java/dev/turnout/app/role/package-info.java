/** The parts that run against a Kafka of one's own, each with metrics and probes. */
@NullMarked
package dev.turnout.app.role;

import org.jspecify.annotations.NullMarked;
