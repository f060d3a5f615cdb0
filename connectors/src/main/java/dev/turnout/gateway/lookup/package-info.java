/** Finds what was decided on a query, and what became of it, on Kafka's topics by its id. */
@NullMarked
package dev.turnout.gateway.lookup;

import org.jspecify.annotations.NullMarked;
