/** {@code turnout models}. */
@NullMarked
package dev.turnout.app.command.model;

import org.jspecify.annotations.NullMarked;
