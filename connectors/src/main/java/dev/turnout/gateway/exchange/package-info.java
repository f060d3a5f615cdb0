/** From an asked query to the last byte of its answer, and what is said when there is none. */
@NullMarked
package dev.turnout.gateway.exchange;

import org.jspecify.annotations.NullMarked;
