/** Avro records in the Confluent wire format. */
@NullMarked
package dev.turnout.serde;

import org.jspecify.annotations.NullMarked;
