/** The trace that a request of a client belongs to. */
@NullMarked
package dev.turnout.gateway.trace;

import org.jspecify.annotations.NullMarked;
