/** Room four: request, decision and dead letter as records of one transaction. */
@NullMarked
package dev.turnout.router.emit;

import org.jspecify.annotations.NullMarked;
