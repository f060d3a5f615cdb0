/**
 * Room four: request, decision, spending and dead letter as records of one transaction. Knows the
 * three rooms before it.
 */
@NullMarked
package dev.turnout.router.emit;

import org.jspecify.annotations.NullMarked;
