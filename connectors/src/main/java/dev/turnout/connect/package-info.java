/** Connectors for a stock Kafka Connect worker. */
@NullMarked
package dev.turnout.connect;

import org.jspecify.annotations.NullMarked;
