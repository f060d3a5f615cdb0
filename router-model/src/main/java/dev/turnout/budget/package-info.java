/** Spending limits per tenant: accounts with reservations, paced by a primal-dual price. */
@NullMarked
package dev.turnout.budget;

import org.jspecify.annotations.NullMarked;
