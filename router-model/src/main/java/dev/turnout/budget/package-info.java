/** Spending limits per tenant: a primal-dual pacer with reservations. */
@NullMarked
package dev.turnout.budget;

import org.jspecify.annotations.NullMarked;
