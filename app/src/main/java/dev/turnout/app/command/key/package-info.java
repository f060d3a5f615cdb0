/** {@code turnout keys}. */
@NullMarked
package dev.turnout.app.command.key;

import org.jspecify.annotations.NullMarked;
