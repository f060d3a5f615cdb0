/**
 * What the Kafka Streams applications of router, ledger and learner share: {@link
 * dev.turnout.streams.FailureHandling}, one mechanism for what fails; stores that forget; and state
 * that keeps to its memory.
 */
@NullMarked
package dev.turnout.streams;

import org.jspecify.annotations.NullMarked;
