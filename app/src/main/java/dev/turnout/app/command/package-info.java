/** The commands, one file each. */
@NullMarked
package dev.turnout.app.command;

import org.jspecify.annotations.NullMarked;
