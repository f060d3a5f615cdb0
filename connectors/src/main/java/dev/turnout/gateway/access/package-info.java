/** Who asks the gateway, and what they may do: keys, rights, and whose an id is. */
@NullMarked
package dev.turnout.gateway.access;

import org.jspecify.annotations.NullMarked;
