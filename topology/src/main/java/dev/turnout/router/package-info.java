/** The router: queries in, one decision and one request each out, on Kafka Streams. */
@NullMarked
package dev.turnout.router;

import org.jspecify.annotations.NullMarked;
