/** Queries and grades out of files, for Kafka Connect. */
@NullMarked
package dev.turnout.connect.source;

import org.jspecify.annotations.NullMarked;
