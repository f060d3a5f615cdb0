/** {@code turnout drill}: traffic to watch while something is broken on purpose. */
@NullMarked
package dev.turnout.app.command.drill;

import org.jspecify.annotations.NullMarked;
