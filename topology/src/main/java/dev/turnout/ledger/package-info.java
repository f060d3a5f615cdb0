/** Who spent what: reservations, settlements, accounts. */
@NullMarked
package dev.turnout.ledger;

import org.jspecify.annotations.NullMarked;
