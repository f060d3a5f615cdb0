/** Benchmarks that users can repeat: encoders alone and the whole path through Kafka. */
@NullMarked
package dev.turnout.app.bench;

import org.jspecify.annotations.NullMarked;
