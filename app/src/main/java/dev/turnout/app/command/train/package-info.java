/** {@code turnout train}. */
@NullMarked
package dev.turnout.app.command.train;

import org.jspecify.annotations.NullMarked;
