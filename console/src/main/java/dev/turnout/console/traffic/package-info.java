/**
 * What flows, counted: a small Kafka Streams application folds decisions, outcomes, grades and dead
 * letters into windows of minutes, and of hours for the last month.
 */
@NullMarked
package dev.turnout.console.traffic;

import org.jspecify.annotations.NullMarked;
