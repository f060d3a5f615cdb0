/** What the router reports about itself, for Prometheus. */
@NullMarked
package dev.turnout.metrics;

import org.jspecify.annotations.NullMarked;
