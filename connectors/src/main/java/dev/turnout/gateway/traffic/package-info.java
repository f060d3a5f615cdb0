/** The gateway's side of Kafka: asks, hears what becomes of each, looks up what was decided. */
@NullMarked
package dev.turnout.gateway.traffic;

import org.jspecify.annotations.NullMarked;
