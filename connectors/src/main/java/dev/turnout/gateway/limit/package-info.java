/** How much of the gateway each key and tenant may take, and when what lies behind it is full. */
@NullMarked
package dev.turnout.gateway.limit;

import org.jspecify.annotations.NullMarked;
