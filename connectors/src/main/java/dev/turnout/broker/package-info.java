/** A real Kafka broker inside the program, for the quickstart and for tests. */
@NullMarked
package dev.turnout.broker;

import org.jspecify.annotations.NullMarked;
