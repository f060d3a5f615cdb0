/**
 * Room one: the polled record as a query, or the reason why it is none. Knows none of the router's
 * other rooms.
 */
@NullMarked
package dev.turnout.router.intake;

import org.jspecify.annotations.NullMarked;
