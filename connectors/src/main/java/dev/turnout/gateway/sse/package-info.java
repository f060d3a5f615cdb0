/** Responses that are written while they come, to clients that read as fast as they please. */
@NullMarked
package dev.turnout.gateway.sse;

import org.jspecify.annotations.NullMarked;
