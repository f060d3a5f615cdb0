/** Room one: the polled record as a query, or the reason why it is none. */
@NullMarked
package dev.turnout.router.intake;

import org.jspecify.annotations.NullMarked;
