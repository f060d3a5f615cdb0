/** A Kafka broker in this process. */
@NullMarked
package dev.turnout.local.broker;

import org.jspecify.annotations.NullMarked;
