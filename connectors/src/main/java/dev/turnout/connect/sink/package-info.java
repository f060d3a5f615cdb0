/** Topics into files of rows, for Kafka Connect. */
@NullMarked
package dev.turnout.connect.sink;

import org.jspecify.annotations.NullMarked;
