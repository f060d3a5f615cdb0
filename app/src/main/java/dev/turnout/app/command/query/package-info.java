/** {@code turnout query}. */
@NullMarked
package dev.turnout.app.command.query;

import org.jspecify.annotations.NullMarked;
