/** The commands that have no room of their own, and what all commands share. */
@NullMarked
package dev.turnout.app.command;

import org.jspecify.annotations.NullMarked;
