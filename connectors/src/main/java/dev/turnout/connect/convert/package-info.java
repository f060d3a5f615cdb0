/** Turnout's Avro records as the data of Kafka Connect, and back. */
@NullMarked
package dev.turnout.connect.convert;

import org.jspecify.annotations.NullMarked;
