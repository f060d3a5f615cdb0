/** What routing saves and earns against simple alternatives, estimated from graded choices. */
@NullMarked
package dev.turnout.offpolicy.savings;

import org.jspecify.annotations.NullMarked;
