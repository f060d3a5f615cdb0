/** The HTTP front: questions in, answers out, for clients that do not speak Kafka. */
@NullMarked
package dev.turnout.gateway;

import org.jspecify.annotations.NullMarked;
